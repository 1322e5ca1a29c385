package io.millrace.sql;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One session with a Flink SQL gateway (REST v3), in batch mode and UTC over the catalog {@code
 * millrace}, with the functions of the module {@code millrace}.
 *
 * <p>Results are fetched page by page and handed on row by row, so a result may be larger than the
 * memory. A refused statement is a {@link SqlException}; an {@link IOException} means that the
 * gateway cannot be reached. One thread runs statements; any thread may {@link #close()}, which
 * cancels the statement that runs.
 */
public final class SqlClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

  /** What every session is opened with; given properties come on top. */
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "execution.runtime-mode", "batch",
          "table.local-time-zone", "UTC",
          "parallelism.default", "2",
          // Else a table of many files takes as many slots as it has files.
          "table.exec.iceberg.infer-source-parallelism", "false",
          // An INSERT has ended when its statement has.
          "table.dml-sync", "true");

  /** The domain's rules as functions; the gateway has them on its class path. */
  private static final String FUNCTIONS = "LOAD MODULE millrace";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final ObjectMapper json =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private final URI gateway;
  private String session;
  private volatile String operation;
  private volatile boolean closed;

  private SqlClient(URI gateway) {
    this.gateway = gateway;
  }

  /**
   * Opens a session, creates the catalog {@code millrace} in it with the given statement, and loads
   * the functions.
   */
  public static SqlClient open(URI gateway, String catalogStatement)
      throws IOException, InterruptedException {
    return open(gateway, catalogStatement, Map.of());
  }

  /** As {@link #open(URI, String)}, with Flink options that replace or add to the usual ones. */
  public static SqlClient open(URI gateway, String catalogStatement, Map<String, String> options)
      throws IOException, InterruptedException {
    SqlClient client = new SqlClient(gateway);
    ObjectNode body = client.json.createObjectNode();
    ObjectNode properties = body.putObject("properties");
    PROPERTIES.forEach(properties::put);
    options.forEach(properties::put);
    client.session = client.post("/v3/sessions", body).get("sessionHandle").asText();
    try {
      client.configure(catalogStatement);
      client.configure(FUNCTIONS);
      client.configure("USE CATALOG millrace");
      client.configure("USE lake");
    } catch (SqlException | IOException | InterruptedException e) {
      client.close();
      throw e;
    }
    return client;
  }

  private void configure(String statement) throws IOException, InterruptedException {
    post(sessionPath("/configure-session"), statementBody(statement));
  }

  /** Runs a statement whose rows are of no interest, and returns when it has ended. */
  public void execute(String statement) throws IOException, InterruptedException {
    execute(statement, Progress.NONE);
  }

  /** As {@link #execute(String)}, and tells that the statement still runs. */
  public void execute(String statement, Progress progress)
      throws IOException, InterruptedException {
    query(
        statement,
        new Rows() {
          @Override
          public void columns(List<Column> columns) {}

          @Override
          public void row(List<JsonNode> values) {}
        },
        progress);
  }

  /**
   * Runs a statement, which may name the views that ship with Millrace, and hands its rows on as
   * they come; an interrupt cancels it.
   */
  public void query(String statement, Rows rows, Progress progress)
      throws IOException, InterruptedException {
    long startedAt = System.nanoTime();
    operation =
        post(sessionPath("/statements"), statementBody(ShippedViews.expand(statement)))
            .get("operationHandle")
            .asText();
    boolean runs = true;
    try {
      fetch(rows, progress, startedAt);
      runs = false;
    } catch (SqlException e) {
      runs = false;
      throw e;
    } finally {
      endOperation(runs);
    }
  }

  private void fetch(Rows rows, Progress progress, long startedAt)
      throws IOException, InterruptedException {
    String page = sessionPath("/operations/" + operation + "/result/0?rowFormat=JSON");
    List<Column> columns = null;
    long count = 0;
    Duration pause = FIRST_PAUSE;
    while (page != null) {
      if (closed) {
        throw new InterruptedException("The session was closed while a statement ran");
      }
      JsonNode result = send(HttpRequest.newBuilder(uri(page)).GET());
      boolean ready = !result.path("resultType").asText().equals("NOT_READY");
      JsonNode data = result.path("results").path("data");
      if (ready && columns == null) {
        columns = columns(result.path("results").path("columns"));
        rows.columns(columns);
      }
      for (JsonNode row : data) {
        rows.row(values(row.get("fields"), columns));
        count++;
      }
      page = result.path("nextResultUri").asText(null);
      progress.running(Duration.ofNanos(System.nanoTime() - startedAt), count);
      if (data.isEmpty() && page != null) {
        TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
                ? pause.multipliedBy(2)
                : LONGEST_PAUSE;
      } else {
        pause = FIRST_PAUSE;
      }
    }
  }

  private static List<Column> columns(JsonNode described) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : described) {
      JsonNode type = column.path("logicalType");
      columns.add(
          new Column(
              column.get("name").asText(), type.path("type").asText(), type.path("scale").asInt()));
    }
    return columns;
  }

  private static List<JsonNode> values(JsonNode fields, List<Column> columns) {
    List<JsonNode> values = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      JsonNode value = fields.get(i);
      // The gateway sends a DECIMAL without its trailing zeros.
      values.add(
          columns.get(i).type().equals("DECIMAL") && value.isNumber()
              ? DecimalNode.valueOf(value.decimalValue().setScale(columns.get(i).scale()))
              : value);
    }
    return values;
  }

  private void endOperation(boolean runs) throws IOException {
    String ending = operation;
    operation = null;
    if (ending == null || closed) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      String path = sessionPath("/operations/" + ending);
      if (runs) {
        post(path + "/cancel", json.createObjectNode());
      }
      send(HttpRequest.newBuilder(uri(path + "/close")).DELETE());
    } catch (SqlException e) {
      // The gateway has already forgotten a failed operation: there is nothing left to end.
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Cancels what runs and ends the session; a gateway that is gone has ended it already. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = Thread.interrupted();
    try {
      String running = operation;
      if (running != null) {
        post(sessionPath("/operations/" + running + "/cancel"), json.createObjectNode());
      }
      send(HttpRequest.newBuilder(uri(sessionPath(""))).DELETE());
    } catch (IOException | SqlException e) {
      // Closing is a courtesy: the gateway also ends idle sessions by itself.
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private String sessionPath(String rest) {
    return "/v3/sessions/" + session + rest;
  }

  private URI uri(String path) {
    return gateway.resolve(path);
  }

  private ObjectNode statementBody(String statement) {
    return json.createObjectNode().put("statement", statement);
  }

  private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body))));
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        http.send(
            request.timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
    JsonNode body = json.readTree(response.body());
    if (response.statusCode() / 100 != 2) {
      throw error(response.statusCode(), body);
    }
    return body;
  }

  private static SqlException error(int status, JsonNode body) {
    JsonNode errors = body.path("errors");
    if (errors.isEmpty()) {
      return new SqlException("The SQL gateway answered with status " + status, body.toString());
    }
    // The first entry is a general "Internal server error", the last one the trace.
    String trace = errors.get(errors.size() - 1).asText();
    return new SqlException(GatewayErrors.sentence(trace), trace);
  }
}
