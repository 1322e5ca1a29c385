package io.millrace.jobs.kit;

import java.io.IOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes to the hot store, at least once: values are absolute and carry a version, so a repetition
 * does no harm and an older value never replaces a newer one.
 *
 * <p>While Redis is away the writer waits: checkpoints do not complete, sources pause, nothing is
 * lost and no job restarts.
 *
 * @param uri for example {@code redis://127.0.0.1:6379}
 */
public record RedisSink(String uri) implements Sink<HotWrite> {
  @Deprecated
  @Override
  public SinkWriter<HotWrite> createWriter(Sink.InitContext context) {
    throw new UnsupportedOperationException("Flink 1.20 calls createWriter(WriterInitContext)");
  }

  @Override
  public SinkWriter<HotWrite> createWriter(WriterInitContext context) throws IOException {
    return new RedisWriter(uri, context.getProcessingTimeService());
  }
}
