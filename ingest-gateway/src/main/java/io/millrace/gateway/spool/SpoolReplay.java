package io.millrace.gateway.spool;

import io.millrace.gateway.spool.Frames.Frame;
import io.millrace.gateway.spool.Frames.Gap;
import io.millrace.gateway.spool.Spool.Chunk;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the records of a spool to Kafka, in their order, as soon as it is there.
 *
 * <p>It sends a chunk, waits for all its acknowledgements, and only then gives the chunk up. When
 * one record fails, the whole chunk is sent again; so is the first chunk after a crash. Readers
 * drop what is then there twice.
 */
public final class SpoolReplay implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpoolReplay.class);
  private static final int LOOK_EVERY_MILLIS = 50;
  private static final int CLOSE_WITHIN_MILLIS = 2000;

  /** So little is replayed within a few round trips to Kafka. */
  private static final long REST_BYTES = 4 << 20;

  private static final Duration REST_WITHIN = Duration.ofSeconds(1);

  private final Spool spool;
  private final Producer<byte[], byte[]> producer;
  private final BooleanSupplier kafkaIsThere;
  private final Consumer<RecordMetadata> acknowledged;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gateway-spool-replay");
            thread.setDaemon(true);
            return thread;
          });
  private long records;
  private boolean failing;

  /** Whether Kafka took the last chunk, and others wait. */
  private volatile boolean flowing;

  private volatile boolean closed;

  /**
   * @param kafkaIsThere whether it is worth trying
   * @param acknowledged is told of every record that Kafka has taken
   */
  public SpoolReplay(
      Spool spool,
      Producer<byte[], byte[]> producer,
      BooleanSupplier kafkaIsThere,
      Consumer<RecordMetadata> acknowledged) {
    this.spool = spool;
    this.producer = producer;
    this.kafkaIsThere = kafkaIsThere;
    this.acknowledged = acknowledged;
  }

  public void start() {
    thread.scheduleWithFixedDelay(
        this::replaySafely, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A schedule ends with its first exception, and the spool would never be emptied. */
  void replaySafely() {
    try {
      while (!closed && !spool.isEmpty() && kafkaIsThere.getAsBoolean() && replayFirst()) {
        // until it is empty, or Kafka is away again
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      report(e);
    }
  }

  /** False when it has to be tried again later. */
  private boolean replayFirst() throws IOException, InterruptedException {
    Optional<Chunk> first = spool.first();
    if (first.isEmpty()) {
      return false;
    }
    Chunk chunk = first.get();
    putDamagesAside(chunk);
    List<Frame> frames = chunk.found().frames();
    Exception failure = send(chunk, frames);
    if (failure != null) {
      report(failure);
      return false;
    }
    spool.replayed(chunk);
    records += frames.size();
    failing = false;
    flowing = !spool.isEmpty();
    if (!flowing) {
      LOG.info("The spool is empty, {} records went to Kafka; events go there directly", records);
      records = 0;
    }
    return true;
  }

  private void putDamagesAside(Chunk chunk) throws IOException {
    for (Gap gap : chunk.found().gaps()) {
      if (spool.putAside(chunk, gap.start(), gap.end(), "corrupt")) {
        spool.counters().damaged(gap.last());
        LOG.error(
            "{} holds {} bytes that are no record, {}; they are kept beside it in a file that ends"
                + " in .corrupt, and what follows them is replayed",
            chunk.path(),
            gap.end() - gap.start(),
            gap.last() ? "at its end, as after a write that was cut off" : "amid its records");
      }
    }
  }

  /** What kept one of the records from Kafka, or null. */
  private Exception send(Chunk chunk, List<Frame> frames) throws IOException, InterruptedException {
    AtomicReference<Exception> failure = new AtomicReference<>();
    Queue<Frame> refused = new ConcurrentLinkedQueue<>();
    CountDownLatch open = new CountDownLatch(frames.size());
    for (Frame frame : frames) {
      if (failure.get() != null) {
        open.countDown(); // each could block for as long as the first did
        continue;
      }
      producer.send(
          frame.record(),
          (metadata, exception) -> {
            if (exception == null) {
              acknowledged.accept(metadata);
            } else if (exception instanceof RecordTooLargeException) {
              refused.add(frame);
            } else {
              failure.set(exception);
            }
            open.countDown();
          });
    }
    open.await();
    for (Frame frame : refused) {
      putRefusedAside(chunk, frame);
    }
    return failure.get();
  }

  private void putRefusedAside(Chunk chunk, Frame frame) throws IOException {
    if (spool.putAside(chunk, frame.start(), frame.end(), "refused")) {
      spool.counters().refused();
      LOG.error(
          "A record of {} bytes in {} is too large for Kafka; it is kept beside it in a file that"
              + " ends in .refused, and what follows it is replayed",
          frame.end() - frame.start(),
          chunk.path());
    }
  }

  /**
   * Waits a moment for the last records, when they are few and Kafka takes them. While events never
   * stop coming and each is added to the spool, the spool would never be found empty.
   *
   * @return whether the spool is empty; the caller is the one that writes to it
   */
  public boolean catchesUp() throws InterruptedException {
    return flowing && spool.awaitEmpty(REST_BYTES, REST_WITHIN);
  }

  /** Once for each outage: it is tried many times. */
  private void report(Exception failure) {
    flowing = false;
    if (!failing && !closed) {
      failing = true;
      LOG.warn("The spool could not be replayed and is tried again: {}", failure.toString());
    }
  }

  /** Waits for what is under way; what is not done the next process does. */
  @Override
  public void close() {
    closed = true;
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
        thread.awaitTermination(CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
