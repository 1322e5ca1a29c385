package io.millrace.gateway;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The records of one request: done when Kafka has acknowledged all, or the spool holds them; failed
 * when neither does.
 */
final class Delivery implements Callback {
  /** What becomes of records that Kafka does not take. */
  enum Fallback {
    SPOOL,
    NONE
  }

  private final Fallback fallback;
  private final AtomicInteger open;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final EventSender sender;
  private volatile List<ProducerRecord<byte[], byte[]>> records;
  private volatile Exception failure;

  Delivery(List<ProducerRecord<byte[], byte[]>> records, Fallback fallback, EventSender sender) {
    this.records = records;
    this.fallback = fallback;
    this.open = new AtomicInteger(records.size());
    this.sender = sender;
  }

  void sendBy(Producer<byte[], byte[]> producer) {
    for (ProducerRecord<byte[], byte[]> record : records) {
      try {
        producer.send(record, this);
      } catch (RuntimeException e) {
        onCompletion(null, e);
      }
    }
  }

  void succeed() {
    done.complete(null);
    records = null;
  }

  void fail(Exception cause) {
    done.completeExceptionally(cause);
    records = null;
  }

  @Override
  public void onCompletion(RecordMetadata metadata, Exception exception) {
    if (exception != null) {
      failure = exception;
    } else {
      sender.acknowledged(metadata);
    }
    // Only when nothing is under way any more: an early answer would free the memory budget of
    // records that the producer still holds.
    if (open.decrementAndGet() == 0) {
      if (failure == null) {
        succeed();
      } else if (!sender.spoolsAfter(this, failure)) {
        fail(failure);
      }
    }
  }

  /** Those that nobody has answered for yet; null when that has been done. */
  List<ProducerRecord<byte[], byte[]>> openRecords() {
    return records;
  }

  Fallback fallback() {
    return fallback;
  }

  CompletableFuture<Void> done() {
    return done;
  }
}
