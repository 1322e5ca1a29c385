package io.millrace.domain.alert;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Everything {@link AlertMachine} remembers, in JSON. Each part says when it is cleared. */
final class MachineState {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .visibility(PropertyAccessor.ALL, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, Visibility.ANY)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  long clockMillis;

  /** Facts whose time has not come, by time and key. Cleared when it has. */
  TreeMap<Long, TreeMap<String, Fact>> held = new TreeMap<>();

  /** Start of the newest window by rule and series. Cleared 8 days after. */
  TreeMap<String, Long> newest = new TreeMap<>();

  /** Windows by series, for rules that look a week back. Cleared after 8 days. */
  TreeMap<String, TreeMap<Long, Past>> past = new TreeMap<>();

  /** What goes on, by group. Cleared when it ends. */
  TreeMap<String, Incident> open = new TreeMap<>();

  /** What was alerted and is over, in order. Cleared after 8 days. */
  List<Incident> closed = new ArrayList<>();

  /** When a group was alerted last. Cleared after 8 days, which is longer than any cool-down. */
  TreeMap<String, Long> alerted = new TreeMap<>();

  /** Messages that wait for the end of quiet hours. Cleared then. */
  List<Alert> waiting = new ArrayList<>();

  long offered;
  long handled;
  long superseded;
  long leftOut;

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The state of alerts cannot be written", e);
    }
  }

  static MachineState of(String json) {
    try {
      return JSON.readValue(json, MachineState.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The state of alerts cannot be read: " + e.getOriginalMessage(), e);
    }
  }
}
