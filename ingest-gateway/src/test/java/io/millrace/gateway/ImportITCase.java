package io.millrace.gateway;

import static io.millrace.gateway.GatewayCalls.assertProblem;
import static io.millrace.gateway.GatewayCalls.newId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.event.Envelope;
import io.millrace.gateway.access.AllowedOrigins;
import io.millrace.gateway.access.KeyPolicy;
import io.millrace.gateway.access.Rate;
import io.millrace.gateway.access.TenantSettings;
import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.intake.ImportRows;
import io.millrace.gateway.intake.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports of whole files, over HTTP. */
class ImportITCase {
  private static final int PARTITIONS = 3;
  private static final String NDJSON = "application/x-ndjson";
  private static final Map<String, WriteKey> KEYS =
      Map.of(
          "web-key", new WriteKey("acme", "web", false, false),
          "import-key", new WriteKey("acme", "import", true, false),
          "slow-key", slowKey());

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static IngestGateway gateway;
  private static GatewayCalls calls;

  /** For 500 events at once, then for 500 a second. */
  private static WriteKey slowKey() {
    KeyPolicy policy = new KeyPolicy(Set.of(), AllowedOrigins.ALL, null, new Rate(500, 500));
    return new WriteKey("acme", "slow", true, false, policy, TenantSettings.DEFAULT);
  }

  @Test
  void waitsUntilTheKeysRateAllowsTheNextRowsRatherThanFail() throws Exception {
    String rows =
        IntStream.range(0, 1_200)
            .mapToObj(i -> "{\"eventType\":\"old\",\"timestamp\":1,\"visitorId\":\"s" + i + "\"}\n")
            .collect(Collectors.joining());

    HttpResponse<String> answer = post(NDJSON, "slow-key", rows.getBytes(UTF_8));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(answer.body()).path("accepted").asInt()).isEqualTo(1_200);
  }

  @BeforeAll
  static void start() throws Exception {
    broker = new EmbeddedBroker(folder);
    broker.start();
    broker.createTopics(PARTITIONS, "events.raw", "events.dead-letter");
    gateway =
        IngestGateway.start(
            GatewayOptions.builder(broker.bootstrapServers())
                .heartbeatAfter(Duration.ofHours(1))
                .build(),
            presented -> Optional.ofNullable(KEYS.get(presented)),
            GeoLookup.NONE,
            Clock.systemUTC());
    calls = new GatewayCalls(gateway);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> calls.get("/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    broker.close();
  }

  @Test
  void importsLinesAndListsWhichWereRefused() throws Exception {
    String id = newId();
    String good =
        "{\"event_type\":\"old\",\"timestamp\":\"2016-01-01T00:00:00Z\",\"visitor_id\":\"";
    String body =
        good
            + id
            + "\"}\n\n{\"eventId\":\"e9\",\"eventType\":\"old\"}\r\n{broken\n"
            + "x".repeat(ImportRows.MAX_ROW_BYTES + 1)
            + "\n"
            + good
            + id
            + "\"}";

    HttpResponse<String> answer = post(NDJSON, "import-key", body.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode result = Json.MAPPER.readTree(answer.body());
    assertThat(result.get("accepted").intValue()).isEqualTo(2);
    assertThat(result.get("rejected").intValue()).isEqualTo(3);
    assertThat(result.get("withheld").intValue()).isZero();
    assertThat(result.get("rejectedByCode").toString())
        .isEqualTo("{\"missing_field\":1,\"unreadable_row\":2}");
    assertThat(result.at("/errors/0/row").intValue()).isEqualTo(3);
    assertThat(result.at("/errors/0/eventId").asText()).isEqualTo("e9");
    assertThat(result.at("/errors/0/message").asText()).startsWith("timestamp is missing;");
    assertThat(result.at("/errors/1/row").intValue()).isEqualTo(4);
    assertThat(result.at("/errors/1/message").asText()).startsWith("the line is no valid JSON");
    assertThat(result.at("/errors/2/message").asText())
        .isEqualTo("the line has 262145 bytes; at most 262144 are allowed");
    List<ConsumerRecord<byte[], byte[]>> records = stored(id);
    assertThat(records).hasSize(2);
    // The same row has the same id, so that what is imported again is known.
    assertThat(eventId(records.get(0))).startsWith("c-").isEqualTo(eventId(records.get(1)));
    assertThat(EmbeddedBroker.header(records.get(0), Envelope.HISTORICAL)).isEqualTo("true");
    countersAddUp();
  }

  @Test
  void importsCompressedCsvWithQuotedCells() throws Exception {
    String id = newId();
    String csv =
        "eventId,eventType,timestamp,visitorId,page_title,revenueCents,currency,properties,plan\r\n"
            + id
            + ",old,1451606400000,v,\"a \"\"b\"\",\nc\",12,EUR,\"{\"\"n\"\":1}\",\r\n"
            + "short,row\r\n";

    HttpResponse<String> answer =
        calls.send(
            request("text/csv", "import-key")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(packed(csv))));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"accepted\":1,\"rejected\":1,\"withheld\":0,\"rejectedByCode\":{\"unreadable_row\":1},"
                + "\"errors\":[{\"row\":2,\"eventId\":null,\"code\":\"unreadable_row\","
                + "\"message\":\"the row has 2 cells; the header has 9\"}]}");
    assertThat(Json.MAPPER.readTree(stored(id).get(0).value()))
        .isEqualTo(
            Json.MAPPER.readTree(
                "{\"eventId\":\""
                    + id
                    + "\",\"eventType\":\"old\",\"timestamp\":1451606400000,"
                    + "\"visitorId\":\"v\",\"pageTitle\":\"a \\\"b\\\",\\nc\",\"revenueCents\":12,"
                    + "\"currency\":\"EUR\",\"properties\":{\"n\":1}}"));
  }

  @Test
  void readsWhatStandsBehindManyEmptyMembersAndSaysWhenTheFileIsCutOff() throws Exception {
    String id = newId();
    String row = "{\"eventId\":\"" + id + "\",\"eventType\":\"old\",\"timestamp\":1451606400000,";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] empty = packed("");
    for (int i = 0; i < 50_000; i++) {
      packed.writeBytes(empty);
    }
    packed.writeBytes(packed(row + "\"visitorId\":\"" + id + "\"}\n"));
    byte[] whole = packed.toByteArray();

    HttpResponse<String> read = postPacked(whole);
    HttpResponse<String> cutOff = postPacked(Arrays.copyOf(whole, whole.length - 20));

    assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
    assertThat(Json.MAPPER.readTree(read.body()).get("accepted").intValue()).isEqualTo(1);
    assertThat(cutOff.statusCode()).as(cutOff.body()).isEqualTo(400);
    assertThat(cutOff.body()).contains("unreadable_import", "the import ended early: ");
    assertThat(Json.MAPPER.readTree(cutOff.body()).at("/result/rejected").intValue()).isZero();
    countersAddUp();
  }

  private static byte[] packed(String text) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(UTF_8));
    }
    return packed.toByteArray();
  }

  @Test
  void holdsAFixedNumberOfBytesOfAFileThatIsMuchLonger() throws Exception {
    int rows = 60_000;
    byte[] padding =
        ("\",\"eventType\":\"old\",\"timestamp\":1451606400000,\"visitorId\":\"v\",\"p\":\""
                + "x".repeat(500)
                + "\"}\n")
            .getBytes(UTF_8);
    HttpRequest request =
        request(NDJSON, "import-key")
            .header("Accept", NDJSON)
            .POST(
                BodyPublishers.ofInputStream(
                    () ->
                        new SequenceInputStream(
                            Collections.enumeration(
                                new AbstractList<InputStream>() {
                                  @Override
                                  public InputStream get(int row) {
                                    byte[] start = ("{\"eventId\":\"big-" + row).getBytes(UTF_8);
                                    return new SequenceInputStream(
                                        new ByteArrayInputStream(start),
                                        new ByteArrayInputStream(padding));
                                  }

                                  @Override
                                  public int size() {
                                    return rows;
                                  }
                                }))))
            .build();

    CompletableFuture<HttpResponse<String>> answer =
        calls.client().sendAsync(request, BodyHandlers.ofString());
    double most = 0;
    while (!answer.isDone()) {
      most = Math.max(most, calls.metric("gateway_in_flight_bytes"));
    }

    List<String> lines = answer.join().body().lines().toList();
    assertThat(most).isPositive().isLessThanOrEqualTo(ImportService.HELD_BYTES);
    assertThat(rows * (long) padding.length).isGreaterThan(10 * ImportService.HELD_BYTES);
    assertThat(lines).hasSizeGreaterThan(2);
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "{\"accepted\":60000,\"rejected\":0,\"withheld\":0,\"rejectedByCode\":{},\"errors\":[],"
                + "\"done\":true}");
    assertThat(calls.metric("gateway_in_flight_bytes")).isZero();
    countersAddUp();
  }

  @Test
  void listsTheFirstThousandRefusedRowsAndCountsTheRest() throws Exception {
    byte[] body = "{}\n".repeat(1200).getBytes(UTF_8);

    JsonNode result = Json.MAPPER.readTree(post(NDJSON, "import-key", body).body());

    assertThat(result.get("rejectedByCode").toString()).isEqualTo("{\"missing_field\":1200}");
    assertThat(
            IntStream.range(0, result.get("errors").size())
                .map(i -> result.get("errors").get(i).get("row").intValue()))
        .hasSize(1000)
        .doesNotHaveDuplicates();
  }

  @Test
  void takesOnlyFilesOfKnownTypesFromHistoricalKeys() throws Exception {
    byte[] body =
        "a\n\"never closed".concat("x".repeat(ImportRows.MAX_ROW_BYTES + 16_384)).getBytes(UTF_8);

    assertProblem(
        post(NDJSON, "web-key", body),
        403,
        "key_not_historical",
        "key web of tenant acme is not for past events; import with a historical key");
    assertProblem(
        post("application/json", "import-key", body),
        415,
        "unsupported_content_type",
        "Content-Type is application/json; application/x-ndjson and text/csv are allowed");
    assertProblem(
        post("text/csv", "import-key", body),
        400,
        "unreadable_import",
        "the import ended early: row 1 cannot be read: it has more than 262144 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventType,,visitorId\nold,1,v\n", "eventType,timestamp,\nold,1,v\n"})
  void refusesACsvWhoseColumnsHaveNoNames(String csv) throws Exception {
    assertProblem(
        post("text/csv", "import-key", csv.getBytes(UTF_8)),
        400,
        "unreadable_import",
        "the import ended early: the first line cannot be used: A header name is missing");
  }

  private static void countersAddUp() throws Exception {
    assertThat(calls.metric("gateway_events_received_total"))
        .isEqualTo(
            calls.metric("gateway_events_accepted_total")
                + calls.metric("gateway_events_rejected_total"));
  }

  private static HttpResponse<String> post(String type, String key, byte[] body) throws Exception {
    return calls.send(request(type, key).POST(BodyPublishers.ofByteArray(body)));
  }

  private static HttpResponse<String> postPacked(byte[] body) throws Exception {
    return calls.send(
        request(NDJSON, "import-key")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(body)));
  }

  private static HttpRequest.Builder request(String type, String key) {
    return calls
        .request("/v1/import")
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", type);
  }

  private static String eventId(ConsumerRecord<byte[], byte[]> record) throws Exception {
    return Json.MAPPER.readTree(record.value()).get("eventId").asText();
  }

  private static List<ConsumerRecord<byte[], byte[]>> stored(String id) {
    return broker.read("events.raw", PARTITIONS).stream()
        .filter(record -> new String(record.value(), UTF_8).contains(id))
        .toList();
  }
}
