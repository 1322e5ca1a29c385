package io.millrace.jobs.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColumnsTest {
  private static final RowType TABLE =
      RowType.of(
          new LogicalType[] {
            new BigIntType(), new VarCharType(), new LocalZonedTimestampType(6), new VarCharType()
          },
          new String[] {"amount", "unknown", "at", "name"});

  private record Sale(RowKind kind, String name, long at, Long amount) {}

  @Test
  void putsEachValueWhereTheTableHasItsColumn() throws Exception {
    assertThat(row(new Sale(RowKind.INSERT, "tea", 5, 7L)))
        .isEqualTo(
            GenericRowData.ofKind(
                RowKind.INSERT,
                7L,
                null,
                TimestampData.fromEpochMillis(5),
                StringData.fromString("tea")));
  }

  @Test
  void leavesAbsentValuesNull() throws Exception {
    GenericRowData row = row(new Sale(RowKind.UPDATE_AFTER, null, 5, null));

    assertThat(row.isNullAt(0)).isTrue();
    assertThat(row.isNullAt(3)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"UPDATE_BEFORE", "DELETE"})
  void writesOnlyWhatFindsTheRowAgainWhenItGoes(RowKind goes) throws Exception {
    assertThat(row(new Sale(goes, "tea", 5, 7L)))
        .isEqualTo(
            GenericRowData.ofKind(
                goes, null, null, TimestampData.fromEpochMillis(5), StringData.fromString("tea")));
  }

  @Test
  void saysWhichColumnATableLacks() {
    Columns<Sale> columns = columns().optionalTime("paid_at", sale -> null);

    assertThatThrownBy(() -> columns.mapper("lake.sales", TABLE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot write lake.sales: it has no column paid_at; it has [amount, unknown, at, name]");
  }

  private static GenericRowData row(Sale sale) throws Exception {
    return (GenericRowData) columns().mapper("lake.sales", TABLE).map(sale);
  }

  private static Columns<Sale> columns() {
    return new Columns<Sale>()
        .kind(Sale::kind)
        .text("name", Sale::name)
        .identifying()
        .time("at", Sale::at)
        .identifying()
        .optionalNumber("amount", Sale::amount);
  }
}
