package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies that are small on the way and large in memory. */
@ExtendWith(SharedGateway.class)
class BombITCase {
  private static final int LIMIT = 1 << 20;

  static Stream<Arguments> bombs() {
    byte[] event = SharedGateway.event("bomb", "").getBytes(UTF_8);
    byte[] packed = gzip(event);
    return Stream.of(
        Arguments.of("1:1000", "gzip", gzip(new byte[200 * LIMIT]), 413, "body_too_large"),
        Arguments.of("one byte over", "gzip", gzip(spaces(LIMIT + 1)), 413, "body_too_large"),
        Arguments.of(
            "gzip in gzip", "gzip", gzip(gzip(new byte[64 * LIMIT])), 400, "malformed_json"),
        Arguments.of(
            "named twice", "gzip, gzip", gzip(packed), 415, "unsupported_content_encoding"),
        Arguments.of("deflate", "deflate", event, 415, "unsupported_content_encoding"),
        Arguments.of("br", "br", event, 415, "unsupported_content_encoding"),
        Arguments.of("zstd", "zstd", event, 415, "unsupported_content_encoding"),
        Arguments.of("snappy", "snappy", event, 415, "unsupported_content_encoding"),
        Arguments.of("no gzip", "gzip", event, 400, "malformed_gzip"),
        Arguments.of("empty", "gzip", new byte[0], 400, "malformed_gzip"),
        Arguments.of("cut off", "gzip", cut(packed, 12), 400, "malformed_gzip"),
        Arguments.of("cut in the header", "gzip", cut(packed, 5), 400, "malformed_gzip"),
        Arguments.of("wrong sum", "gzip", wrongSum(packed), 400, "malformed_gzip"),
        Arguments.of("text after it", "gzip", join(packed, event), 400, "malformed_gzip"),
        Arguments.of("50,000 empty members", "gzip", members(50_000), 400, "malformed_json"),
        Arguments.of("many members", "gzip", members(100, LIMIT), 413, "body_too_large"),
        Arguments.of("endless name", "gzip", endlessName(), 400, "malformed_gzip"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void refusesABombAndServesTheNext(
      String name, String encoding, byte[] body, int status, String code) throws Exception {
    String id = SharedGateway.newId();

    HttpResponse<String> answer = SharedGateway.post(body, "Content-Encoding", encoding);
    HttpResponse<String> next =
        SharedGateway.post(
            gzip(SharedGateway.event(id, "").getBytes(UTF_8)), "Content-Encoding", "gzip");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    assertThat(next.statusCode()).isEqualTo(204);
    assertThat(SharedGateway.stored(id)).isEqualTo(1);
  }

  @Test
  void takesABodyInTwoMembersAsTheStandardAllows() throws Exception {
    String id = SharedGateway.newId();
    byte[] event = SharedGateway.event(id, "").getBytes(UTF_8);
    byte[] body =
        join(
            gzip(Arrays.copyOfRange(event, 0, 20)),
            gzip(Arrays.copyOfRange(event, 20, event.length)));

    assertThat(SharedGateway.post(body, "Content-Encoding", "gzip").statusCode()).isEqualTo(204);
    assertThat(SharedGateway.stored(id)).isEqualTo(1);
  }

  @Test
  void doesNotGrowUnderManyBombsAtOnce() throws Exception {
    byte[] bomb = gzip(new byte[200 * LIMIT]);
    long before = usedAfterCollection();

    boolean allRefused =
        IntStream.range(0, 64)
            .parallel()
            .mapToObj(i -> post(bomb))
            .allMatch(status -> status == 413 || status == 503);

    assertThat(allRefused).isTrue();
    await()
        .untilAsserted(() -> assertThat(SharedGateway.metric("gateway_in_flight_bytes")).isZero());
    // 64 bombs hold 12.8 GB.
    assertThat(usedAfterCollection() - before).isLessThan(64L << 20);
  }

  @Test
  void refusesALongBodyWithoutALengthWhileItStillComes() throws Exception {
    String head =
        "POST /v1/collect HTTP/1.1\r\nHost: a\r\nX-Write-Key: any\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";

    String answer = SharedGateway.raw(head + chunk.repeat(20));

    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("\"code\":\"body_too_large\"");
    await()
        .untilAsserted(() -> assertThat(SharedGateway.metric("gateway_in_flight_bytes")).isZero());
  }

  private static int post(byte[] body) {
    try {
      return SharedGateway.post(body, "Content-Encoding", "gzip").statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static byte[] spaces(int count) {
    byte[] spaces = new byte[count];
    Arrays.fill(spaces, (byte) ' ');
    return spaces;
  }

  private static byte[] cut(byte[] bytes, int less) {
    return Arrays.copyOf(bytes, bytes.length - less);
  }

  private static byte[] wrongSum(byte[] packed) {
    byte[] wrong = packed.clone();
    wrong[wrong.length - 5] ^= 1;
    return wrong;
  }

  private static byte[] members(int count) {
    return members(count, 0);
  }

  private static byte[] members(int count, int bytesEach) {
    byte[] one = gzip(new byte[bytesEach]);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(one);
    }
    return all.toByteArray();
  }

  /** A header whose file name never ends. */
  private static byte[] endlessName() {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) 'n');
    System.arraycopy(new byte[] {0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, bytes, 0, 10);
    return bytes;
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
