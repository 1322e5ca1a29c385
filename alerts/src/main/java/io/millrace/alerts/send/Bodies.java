package io.millrace.alerts.send;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.alert.Alert;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** An alert in the shapes that receivers know. */
final class Bodies {
  /**
   * An Alertmanager resolves by itself what is not sent again within minutes, unless it is told
   * when it ends. We send once, so it ends when we say so, and after a week at the latest.
   */
  static final Duration ALERTMANAGER_LASTS = Duration.ofDays(7);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Bodies() {}

  static byte[] webhook(Alert alert) {
    ObjectNode body = NODES.objectNode();
    body.put("id", alert.id());
    body.put("messageId", alert.messageId());
    body.put("tenant", alert.tenant());
    body.put("rule", alert.rule());
    body.put("group", alert.group());
    body.put("kind", alert.kind().label());
    body.put("step", alert.step());
    body.put("severity", alert.severity().label());
    body.put("at", time(alert.atMillis()));
    body.put("windowStart", time(alert.windowStartMillis()));
    body.put("windowEnd", time(alert.windowEndMillis()));
    body.put("title", alert.title());
    body.put("text", alert.text());
    var series = body.putArray("series");
    for (Alert.Series found : alert.series()) {
      ObjectNode one = series.addObject();
      one.put("metric", found.metric());
      one.put("grouping", found.grouping());
      one.put("value", found.value());
      one.set("actual", number(found.actual()));
      one.set("expected", number(found.expected()));
      one.set("lower", number(found.lower()));
      one.set("upper", number(found.upper()));
      one.put("severity", found.severity().label());
      one.put("explanation", found.explanation());
    }
    return bytes(body);
  }

  static byte[] slack(Alert alert) {
    String text = '*' + escaped(alert.title()) + "*\n" + escaped(alert.text());
    return bytes(NODES.objectNode().put("text", text));
  }

  static byte[] alertmanager(Alert alert) {
    ObjectNode one = NODES.objectNode();
    one.putObject("labels")
        .put("alertname", alert.rule())
        .put("tenant", alert.tenant())
        .put("group", alert.group())
        .put("alert_id", alert.id());
    one.putObject("annotations")
        .put("summary", alert.title())
        .put("description", alert.text())
        .put("severity", alert.severity().label());
    one.put("startsAt", time(alert.windowStartMillis()));
    boolean ended = alert.kind() == Alert.Kind.RECOVERED || alert.kind() == Alert.Kind.WITHDRAWN;
    long lasts = ended ? 0 : ALERTMANAGER_LASTS.toMillis();
    one.put("endsAt", time(alert.atMillis() + lasts));
    return bytes(NODES.arrayNode().add(one));
  }

  /** Slack's own marks begin with these three. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }

  /** JSON has no NaN. */
  private static JsonNode number(double value) {
    return Double.isFinite(value) ? NODES.numberNode(value) : NODES.nullNode();
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An alert cannot be written", e);
    }
  }
}
