package io.millrace.gateway;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** The records of one request: done when Kafka has acknowledged all, failed when one fails. */
final class Delivery implements Callback {
  private final List<ProducerRecord<byte[], byte[]>> records;
  private final AtomicInteger open;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final EventSender sender;
  private volatile Exception failure;

  Delivery(List<ProducerRecord<byte[], byte[]>> records, EventSender sender) {
    this.records = records;
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

  void fail(Exception cause) {
    done.completeExceptionally(cause);
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
        done.complete(null);
      } else {
        done.completeExceptionally(failure);
      }
    }
  }

  CompletableFuture<Void> done() {
    return done;
  }
}
