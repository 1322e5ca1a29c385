package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedViewsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM events",
        "SELECT 'entity_versions' FROM events -- not entity_versions",
        "DESCRIBE entity_versions",
        "SELECT * FROM my_entity_versions"
      })
  void leavesAStatementAloneThatAsksNoView(String statement) throws IOException {
    assertThat(ShippedViews.expand(statement)).isEqualTo(statement);
  }

  @Test
  void putsAViewBeforeTheQueryThatNamesIt() throws IOException {
    assertThat(ShippedViews.expand("-- SELECT\nSELECT 1 FROM `entity_versions`"))
        .startsWith("-- SELECT\nWITH entity_versions AS (\n-- What was each link")
        .endsWith("\n)\nSELECT 1 FROM `entity_versions`");
  }

  @Test
  void putsViewsThatAViewReadsBeforeIt() throws IOException {
    String expanded = ShippedViews.expand("EXPLAIN PLAN FOR SELECT 1 FROM events_with_dimensions");

    assertThat(expanded)
        .startsWith("EXPLAIN PLAN FOR WITH entity_versions AS (")
        .contains("\n),\nevents_with_dimensions AS (")
        .endsWith("\n)\nSELECT 1 FROM events_with_dimensions");
  }

  @Test
  void addsToTheWithThatAQueryHas() throws IOException {
    assertThat(ShippedViews.expand("with a AS (SELECT 1 FROM entity_versions) SELECT * FROM a"))
        .startsWith("WITH entity_versions AS (")
        .endsWith("\n), a AS (SELECT 1 FROM entity_versions) SELECT * FROM a");
  }

  @Test
  void takesTheOptionsOfATableForNoQuery() throws IOException {
    assertThat(
            ShippedViews.expand("CREATE TABLE t WITH ('a' = 'b') AS SELECT 1 FROM entity_versions"))
        .startsWith("CREATE TABLE t WITH ('a' = 'b') AS WITH entity_versions AS (");
  }

  @Test
  void putsAViewBeforeThePartsOfAUnion() throws IOException {
    assertThat(
            ShippedViews.expand("(SELECT 1 FROM entity_versions) UNION ALL (SELECT 2 FROM events)"))
        .startsWith("WITH entity_versions AS (")
        .endsWith("\n)\n(SELECT 1 FROM entity_versions) UNION ALL (SELECT 2 FROM events)");
  }

  @Test
  void everyViewOpensWithItsQuestionAndWhatItReads() throws IOException {
    List<String> names = ShippedViews.names();

    for (String name : names) {
      assertThat(SqlResources.read("views/" + name + ".sql"))
          .matches("(?s)-- [A-Z][^\\n]+\\? [^\\n]+\\n-- reads [^\\n]+\\n.*SELECT\\b.*");
    }
  }
}
