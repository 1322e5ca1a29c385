package io.millrace.gateway.spool;

import static io.millrace.gateway.spool.SpoolTest.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolReplayTest {
  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RecordingProducer producer = new RecordingProducer();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private Spool spool;

  @BeforeEach
  void fill() throws Exception {
    spool = Spool.open(new SpoolOptions(folder, 4 << 20), new SpoolCounters(meters));
    spool.write(List.of(record("a", 10), record("b", 10)));
    spool.write(List.of(record("c", 10)));
    spool.force();
  }

  @AfterEach
  void close() {
    spool.close();
  }

  @Test
  void sendsNothingWhileKafkaIsAway() {
    SpoolReplay replay = new SpoolReplay(spool, producer, () -> false, metadata -> {});

    replay.replaySafely();

    assertThat(producer.history()).isEmpty();
    assertThat(spool.isEmpty()).isFalse();
  }

  @Test
  void sendsAllAgainInOrderWhenOneWasNotAcknowledged() throws Exception {
    producer.next(null).next(new TimeoutException("away"));
    SpoolReplay replay = replay();

    replay.replaySafely();
    boolean emptyAfterTheFirst = spool.isEmpty();
    producer.clear();
    replay.replaySafely();

    assertThat(emptyAfterTheFirst).isFalse();
    assertThat(producer.history()).extracting(SpoolTest::id).containsExactly("a", "b", "c");
    assertThat(spool.isEmpty()).isTrue();
    assertThat(acknowledged).hasValue(4);
    assertThat(meters.counter("gateway.spool.records", "what", "replayed").count()).isEqualTo(3);
    assertThat(files()).containsExactly("lock");
  }

  @Test
  void putsAsideWhatKafkaNeverTakesAndGoesOn() throws Exception {
    producer.next(null).next(new RecordTooLargeException("2 MB"));

    replay().replaySafely();

    assertThat(spool.isEmpty()).isTrue();
    assertThat(acknowledged).hasValue(2);
    assertThat(meters.counter("gateway.spool.records", "what", "refused").count()).isEqualTo(1);
    assertThat(files()).hasSize(2).anyMatch(name -> name.endsWith(".refused"));
  }

  private SpoolReplay replay() {
    return new SpoolReplay(spool, producer, () -> true, metadata -> acknowledged.incrementAndGet());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
