package io.millrace.standalone.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.domain.session.Session;
import io.millrace.jobs.kit.SessionChange;
import io.millrace.jobs.sessions.SessionColumns;
import java.lang.reflect.Field;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.junit.jupiter.api.Test;

class SessionRowsTest {
  @Test
  void everyFieldOfASessionComesBackFromItsRow() throws Exception {
    Session session = new Session();
    int count = 0;
    for (Field field : Session.class.getFields()) {
      count++;
      if (field.getType() == String.class) {
        field.set(session, "text " + count);
      } else if (field.getType() == boolean.class) {
        field.set(session, true);
      } else if (field.getType() == int.class) {
        field.set(session, count);
      } else {
        field.set(session, 1_700_000_000_000L + count);
      }
    }

    Session back = new SessionRows(type()).map(row(session));

    assertThat(back).usingRecursiveComparison().isEqualTo(session);
  }

  @Test
  void whatIsNullInTheRowIsNullInTheSession() throws Exception {
    Session session = new Session();

    assertThat(new SessionRows(type()).map(row(session)))
        .usingRecursiveComparison()
        .isEqualTo(session);
  }

  @Test
  void aRowThatSomebodyWroteWithoutValuesIsASessionWithoutAny() {
    Session back = new SessionRows(type()).map(new GenericRowData(type().getFieldCount()));

    assertThat(back).usingRecursiveComparison().isEqualTo(new Session());
  }

  @Test
  void rowsWithoutANeededColumnAreRefused() {
    RowType poor =
        (RowType) DataTypes.ROW(DataTypes.FIELD("session_id", DataTypes.STRING())).getLogicalType();

    assertThatThrownBy(() -> new SessionRows(poor).map(null))
        .hasMessage("Cannot read sessions: the rows have no column tenant; they have [session_id]");
  }

  private static RowData row(Session session) throws Exception {
    return SessionColumns.columns()
        .mapper("lake.sessions", type())
        .map(new SessionChange(RowKind.INSERT, session));
  }

  private static RowType type() {
    return (RowType)
        DataTypes.ROW(
                DataTypes.FIELD("revision", DataTypes.INT()),
                DataTypes.FIELD("tenant", DataTypes.STRING()),
                DataTypes.FIELD("session_id", DataTypes.STRING()),
                DataTypes.FIELD("visitor_id", DataTypes.STRING()),
                DataTypes.FIELD("started_at", DataTypes.TIMESTAMP_LTZ(6)),
                DataTypes.FIELD("ended_at", DataTypes.TIMESTAMP_LTZ(6)),
                DataTypes.FIELD("duration_ms", DataTypes.BIGINT()),
                DataTypes.FIELD("events", DataTypes.BIGINT()),
                DataTypes.FIELD("page_views", DataTypes.BIGINT()),
                DataTypes.FIELD("distinct_pages", DataTypes.BIGINT()),
                DataTypes.FIELD("bounce", DataTypes.BOOLEAN()),
                DataTypes.FIELD("entry_page", DataTypes.STRING()),
                DataTypes.FIELD("exit_page", DataTypes.STRING()),
                DataTypes.FIELD("channel", DataTypes.STRING()),
                DataTypes.FIELD("source", DataTypes.STRING()),
                DataTypes.FIELD("medium", DataTypes.STRING()),
                DataTypes.FIELD("campaign", DataTypes.STRING()),
                DataTypes.FIELD("referrer", DataTypes.STRING()),
                DataTypes.FIELD("device_type", DataTypes.STRING()),
                DataTypes.FIELD("browser", DataTypes.STRING()),
                DataTypes.FIELD("os", DataTypes.STRING()),
                DataTypes.FIELD("country", DataTypes.STRING()),
                DataTypes.FIELD("region", DataTypes.STRING()),
                DataTypes.FIELD("city", DataTypes.STRING()),
                DataTypes.FIELD("bot", DataTypes.BOOLEAN()),
                DataTypes.FIELD("converted", DataTypes.BOOLEAN()),
                DataTypes.FIELD("conversions", DataTypes.BIGINT()),
                DataTypes.FIELD("revenue_cents", DataTypes.BIGINT()),
                DataTypes.FIELD("engagement_ms", DataTypes.BIGINT()))
            .getLogicalType();
  }
}
