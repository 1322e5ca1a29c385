package io.millrace.jobs.programs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.MapFunction;

/** News as JSON, under the key of their tenant. */
record NewsRecords<T>(NewsForm<T> form) implements MapFunction<T, HandoverRecord> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public HandoverRecord map(T news) throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    form.write(news, json);
    HandoverRecord record = new HandoverRecord();
    record.key = json.get("tenant").textValue().getBytes(StandardCharsets.UTF_8);
    record.value = JSON.writeValueAsBytes(json);
    return record;
  }
}
