package io.millrace.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SqlClientTest {
  private static final String CATALOG = "CREATE CATALOG millrace WITH ('type' = 'iceberg')";

  @Test
  void opensASessionInBatchModeAndUtcOverTheCatalog() throws Exception {
    try (FakeGateway gateway = new FakeGateway()) {
      SqlClient.open(gateway.uri(), CATALOG).close();

      assertThat(gateway.requests().get(0))
          .startsWith("POST /v3/sessions ")
          .contains("\"execution.runtime-mode\":\"batch\"")
          .contains("\"table.local-time-zone\":\"UTC\"");
      assertThat(gateway.requests().subList(1, 6))
          .containsExactly(
              "POST /v3/sessions/s1/configure-session {\"statement\":\"" + CATALOG + "\"}",
              "POST /v3/sessions/s1/configure-session {\"statement\":\"LOAD MODULE millrace\"}",
              "POST /v3/sessions/s1/configure-session {\"statement\":\"USE CATALOG millrace\"}",
              "POST /v3/sessions/s1/configure-session {\"statement\":\"USE lake\"}",
              "DELETE /v3/sessions/s1");
    }
  }

  @Test
  void handsOnTheRowsOfEveryPageAndClosesTheOperation() throws Exception {
    try (FakeGateway gateway = new FakeGateway()) {
      gateway
          .notReady()
          .page()
          .page(FakeGateway.row("a", 1), FakeGateway.row("b", 2))
          .page(FakeGateway.row("c", 3))
          .lastPage();
      Collected rows = new Collected();
      List<Long> progress = new ArrayList<>();

      try (SqlClient client = SqlClient.open(gateway.uri(), CATALOG)) {
        client.query("SELECT 1", rows, (elapsed, count) -> progress.add(count));
      }

      assertThat(rows.columns)
          .containsExactly(new Column("name", "VARCHAR", 0), new Column("amount", "BIGINT", 0));
      assertThat(rows.rows).hasToString("[[\"a\", 1], [\"b\", 2], [\"c\", 3]]");
      assertThat(progress).containsExactly(0L, 0L, 2L, 3L, 3L);
      assertThat(gateway.requests())
          .contains("DELETE /v3/sessions/s1/operations/o1/close")
          .noneMatch(request -> request.contains("/cancel"));
    }
  }

  @Test
  void saysTheRootSentenceOfAFailedStatementAndKeepsTheTrace() throws Exception {
    try (FakeGateway gateway = new FakeGateway()) {
      gateway.fails(
          "<Exception on server side:\\norg.apache.flink.table.api.ValidationException: Bad\\n"
              + "\\tat x\\nCaused by: java.lang.ArithmeticException: / by zero\\n\\tat y");

      try (SqlClient client = SqlClient.open(gateway.uri(), CATALOG)) {
        assertThatThrownBy(() -> client.execute("SELECT 1/0"))
            .isInstanceOfSatisfying(
                SqlException.class,
                e -> {
                  assertThat(e).hasMessage("ArithmeticException: / by zero");
                  assertThat(e.detail()).contains("\tat x");
                });
      }
    }
  }

  @Test
  void cancelsTheStatementWhenItsThreadIsInterrupted() throws Exception {
    try (FakeGateway gateway = new FakeGateway()) {
      gateway.notReady();
      CountDownLatch runs = new CountDownLatch(1);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      try (SqlClient client = SqlClient.open(gateway.uri(), CATALOG)) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    client.query("SELECT 1", new Collected(), (elapsed, rows) -> runs.countDown());
                  } catch (IOException | InterruptedException e) {
                    thrown.set(e);
                  }
                });
        thread.start();
        runs.await();

        thread.interrupt();
        thread.join();
      }

      assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
      assertThat(gateway.requests()).contains("POST /v3/sessions/s1/operations/o1/cancel {}");
    }
  }

  @Test
  void cancelsTheStatementWhenAnotherThreadClosesTheSession() throws Exception {
    try (FakeGateway gateway = new FakeGateway()) {
      gateway.notReady();
      SqlClient client = SqlClient.open(gateway.uri(), CATALOG);

      assertThatThrownBy(
              () -> client.query("SELECT 1", new Collected(), (elapsed, rows) -> client.close()))
          .isInstanceOf(InterruptedException.class)
          .hasMessage("The session was closed while a statement ran");

      assertThat(gateway.requests())
          .contains("POST /v3/sessions/s1/operations/o1/cancel {}", "DELETE /v3/sessions/s1");
    }
  }

  private static final class Collected implements Rows {
    private List<Column> columns;
    private final List<List<JsonNode>> rows = new ArrayList<>();

    @Override
    public void columns(List<Column> described) {
      columns = described;
    }

    @Override
    public void row(List<JsonNode> values) {
      rows.add(values);
    }
  }
}
