package io.millrace.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;

/** How the checkpoints of a job went; durations in ms. */
record Checkpoints(long count, long failed, double mean, double longest) {
  /** Asks Flink. */
  static Checkpoints of(URI flink, String job) throws IOException {
    JsonNode answer =
        new JsonMapper().readTree(flink.resolve("/jobs/" + job + "/checkpoints").toURL());
    JsonNode duration = answer.at("/summary/end_to_end_duration");
    return new Checkpoints(
        answer.at("/counts/completed").asLong(),
        answer.at("/counts/failed").asLong(),
        duration.at("/avg").asDouble(),
        duration.at("/max").asDouble());
  }
}
