package io.millrace.gateway.spool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own fake producer, acknowledging at once, with failures in the order they are given. */
final class RecordingProducer extends MockProducer<byte[], byte[]> {
  private final Deque<Optional<RuntimeException>> failures = new ArrayDeque<>();

  RecordingProducer() {
    super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Fails the next record that has not been given a failure yet; null lets it through. */
  RecordingProducer next(RuntimeException failureOrNull) {
    failures.add(Optional.ofNullable(failureOrNull));
    return this;
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> record, Callback callback) {
    Optional<RuntimeException> failure = failures.isEmpty() ? Optional.empty() : failures.remove();
    Future<RecordMetadata> sent = super.send(record, callback);
    if (failure.isPresent()) {
      errorNext(failure.get());
    } else {
      completeNext();
    }
    return sent;
  }
}
