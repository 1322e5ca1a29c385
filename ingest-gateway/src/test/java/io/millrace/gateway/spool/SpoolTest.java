package io.millrace.gateway.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final int MAX_BYTES = 4 << 20;

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Spool spool;

  @BeforeEach
  void open() {
    spool = Spool.open(new SpoolOptions(folder, MAX_BYTES), new SpoolCounters(meters));
  }

  @AfterEach
  void close() {
    spool.close();
  }

  @Test
  void givesBackTheWholeRecordAlsoAfterARestart() throws Exception {
    ProducerRecord<byte[], byte[]> full =
        new ProducerRecord<>(
            "events.raw",
            null,
            null,
            "acme|vü".getBytes(UTF_8),
            "{\"a\":1}".getBytes(UTF_8),
            List.of(
                new RecordHeader("tenant", "acme".getBytes(UTF_8)),
                new RecordHeader("tenant", null),
                new RecordHeader("", new byte[0])));
    ProducerRecord<byte[], byte[]> bare = new ProducerRecord<>("events.dead-letter", null, null);
    spool.write(List.of(full, bare));
    spool.force();

    reopen();

    assertThat(takeAll()).usingRecursiveFieldByFieldElementComparator().containsExactly(full, bare);
    assertThat(spool.isEmpty()).isTrue();
    assertThat(files(".spool")).isEmpty();
    assertThat(count("gateway.spool.records", "written")).isEqualTo(2);
    assertThat(count("gateway.spool.records", "replayed")).isEqualTo(2);
  }

  @Test
  void keepsTheOrderOverManySegmentsAndRestarts() throws Exception {
    List<String> ids = IntStream.range(0, 3000).mapToObj(i -> "id-" + i).toList();
    for (String id : ids) {
      spool.write(List.of(record(id, 1000)));
      if (id.endsWith("00")) {
        spool.force();
      }
      if (id.endsWith("500")) {
        reopen();
      }
    }
    spool.force();

    assertThat(files(".spool").size()).isGreaterThan(3);
    assertThat(takeAll()).extracting(SpoolTest::id).isEqualTo(ids);
    assertThat(files(".spool")).isEmpty();
  }

  @Test
  void handsOutOnlyWhatIsDurable() throws Exception {
    spool.write(List.of(record("a", 10)));

    Optional<Spool.Chunk> before = spool.first();
    boolean emptyBefore = spool.isEmpty();
    spool.force();

    assertThat(before).isEmpty();
    assertThat(emptyBefore).isFalse();
    assertThat(takeAll()).extracting(SpoolTest::id).containsExactly("a");
  }

  @Test
  void losesOnlyTheLastRecordWhereverItsWriteWasCutOff() throws Exception {
    write("a", "b", "c");
    byte[] whole = Files.readAllBytes(files(".spool").get(0));
    int frame = whole.length / 3;

    for (int length = whole.length - 1; length > whole.length - frame; length--) {
      Path cut = leaveSegment(Files.createTempDirectory(folder, "cut"), copyOf(whole, length));
      try (Spool torn = openIn(cut)) {
        assertThat(takeAll(torn)).extracting(SpoolTest::id).containsExactly("a", "b");
        assertThat(torn.isEmpty()).isTrue();
        assertThat(asideBytes(cut)).isEqualTo(length - 2 * frame);
      }
    }
    assertThat(count("gateway.spool.damages", "truncated")).isEqualTo(frame - 1);
    assertThat(count("gateway.spool.damages", "corrupt")).isZero();
  }

  @Test
  void losesOnlyTheRecordInWhichAByteIsWrongAndKeepsItsBytes() throws Exception {
    write("a", "b", "c");
    byte[] whole = Files.readAllBytes(files(".spool").get(0));
    int frame = whole.length / 3;

    for (int at = frame; at < 2 * frame; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x11;
      Path place = leaveSegment(Files.createTempDirectory(folder, "bad"), damaged);
      try (Spool corrupt = openIn(place)) {
        assertThat(takeAll(corrupt)).extracting(SpoolTest::id).containsExactly("a", "c");
        assertThat(asideBytes(place)).isEqualTo(frame);
      }
    }
    assertThat(count("gateway.spool.damages", "corrupt")).isEqualTo(frame);
    assertThat(count("gateway.spool.damages", "truncated")).isZero();
  }

  @Test
  void takesNoFrameThatASenderHasPutIntoAnEvent() throws Exception {
    ByteBuffer forged = ByteBuffer.allocate(Frames.size(record("forged", 1)));
    Frames.write(0x0123456789abcdefL, record("forged", 1), forged);
    spool.write(
        List.of(new ProducerRecord<byte[], byte[]>("t", null, forged.array()), record("good", 1)));
    spool.force();
    Path file = files(".spool").get(0);
    byte[] bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);

    assertThat(takeAll()).extracting(SpoolTest::id).containsExactly("good");
  }

  @Test
  void refusesWhatDoesNotFitAndHasRoomAgainOnceSomethingIsReplayed() throws Exception {
    for (int i = 0; i < 4; i++) {
      spool.write(List.of(record("r" + i, 1_000_000)));
    }
    spool.force();
    long held = spool.heldBytes();

    assertThatExceptionOfType(SpoolFullException.class)
        .isThrownBy(() -> spool.write(List.of(record("a", 200_000), record("b", 200_000))))
        .withMessageStartingWith("the spool holds " + held + " bytes and 400")
        .withMessageEndingWith(" more were to come; at most 4194304 are allowed");
    assertThat(spool.hasRoom()).isFalse();
    assertThat(takeAll()).hasSize(4);
    assertThat(spool.hasRoom()).isTrue();
    spool.write(List.of(record("after", 200_000)));
    spool.force();
    assertThat(takeAll()).extracting(SpoolTest::id).containsExactly("after");
  }

  @Test
  void hasRoomForOthersAfterARequestThatIsTooLargeByItself() throws Exception {
    assertThatExceptionOfType(SpoolFullException.class)
        .isThrownBy(() -> spool.write(List.of(record("large", MAX_BYTES))));

    assertThat(spool.hasRoom()).isTrue();
    write("small");
    assertThat(takeAll()).extracting(SpoolTest::id).containsExactly("small");
  }

  @Test
  void saysThatTheDiskFailedAndGoesOnOnceItWorks() throws Exception {
    Files.delete(folder.resolve("lock"));
    Files.delete(folder);

    assertThatIOException().isThrownBy(() -> spool.write(List.of(record("lost", 1))));
    boolean empty = spool.isEmpty();
    Files.createDirectory(folder);
    write("kept");

    assertThat(empty).isTrue();
    assertThat(takeAll()).extracting(SpoolTest::id).containsExactly("kept");
  }

  @Test
  void isForOneGatewayAlone() {
    assertThatIllegalStateException()
        .isThrownBy(() -> openIn(folder))
        .withMessage(
            "Cannot use the spool "
                + folder
                + ": another gateway uses it; give each a folder of its own");
  }

  @Test
  void namesAFolderThatCannotBe() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatIllegalStateException()
        .isThrownBy(() -> openIn(file))
        .withMessageStartingWith("Cannot use the spool " + file + ": ")
        .withMessageEndingWith("; give a folder that can be written");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SpoolOptions(file, 5))
        .withMessage("Cannot use the spool " + file + ": maxBytes is 5; give at least 1048576");
  }

  private void write(String... ids) throws Exception {
    for (String id : ids) {
      spool.write(List.of(record(id, 50)));
    }
    spool.force();
  }

  private void reopen() {
    spool.close();
    open();
  }

  private Spool openIn(Path place) {
    return Spool.open(new SpoolOptions(place, MAX_BYTES), new SpoolCounters(meters));
  }

  /** A folder with one segment, named as the one that was written here. */
  private Path leaveSegment(Path place, byte[] bytes) throws IOException {
    Files.write(place.resolve(files(".spool").get(0).getFileName()), bytes);
    return place;
  }

  private List<ProducerRecord<byte[], byte[]>> takeAll() throws Exception {
    return takeAll(spool);
  }

  /** Replays by hand: all records, with the damages put aside. */
  private static List<ProducerRecord<byte[], byte[]>> takeAll(Spool from) {
    RecordingProducer producer = new RecordingProducer();
    SpoolReplay replay = new SpoolReplay(from, producer, () -> true, metadata -> {});
    replay.replaySafely();
    replay.close();
    return producer.history();
  }

  private List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return new ArrayList<>(files.filter(f -> f.toString().endsWith(suffix)).sorted().toList());
    }
  }

  private static long asideBytes(Path place) throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      List<Path> aside = files.filter(f -> f.toString().endsWith(".corrupt")).toList();
      assertThat(aside).hasSize(1);
      return Files.size(aside.get(0));
    }
  }

  private double count(String name, String what) {
    return meters.counter(name, "what", what).count();
  }

  static ProducerRecord<byte[], byte[]> record(String id, int valueBytes) {
    return new ProducerRecord<>("events.raw", id.getBytes(UTF_8), new byte[valueBytes]);
  }

  static String id(ProducerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }

  private static byte[] copyOf(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
