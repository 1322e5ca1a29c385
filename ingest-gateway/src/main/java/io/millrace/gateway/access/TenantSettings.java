package io.millrace.gateway.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a tenant has chosen: one JSON document. Fields that this version does not know stay in it.
 *
 * @param dailyEventQuota how many events the tenant may send per UTC day, or null for any number
 * @param catalogue the field {@code catalogue} as it is; missing when nothing was chosen
 * @param privacy the field {@code privacy}, likewise
 * @param document all of it; not to be changed
 */
public record TenantSettings(
    Long dailyEventQuota, JsonNode catalogue, JsonNode privacy, ObjectNode document) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The fields that can be set; what is inside {@code catalogue} and {@code privacy} is checked by
   * who reads it.
   */
  public static final Set<String> FIELDS =
      new TreeSet<>(Set.of("catalogue", "dailyEventQuota", "privacy"));

  /** Nothing chosen. */
  public static final TenantSettings DEFAULT = of(JSON.createObjectNode());

  /** Reads a document; what cannot be meant is refused with the field, its value and the form. */
  public static TenantSettings parse(String document) {
    try {
      if (JSON.readTree(document) instanceof ObjectNode object) {
        return of(object);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the settings are no JSON: " + e.getOriginalMessage() + "; give a JSON object", e);
    }
    throw new IllegalArgumentException("the settings are " + document + "; give a JSON object");
  }

  private static TenantSettings of(ObjectNode document) {
    JsonNode quota = given(document, "dailyEventQuota");
    require(
        quota.isMissingNode()
            || quota.isIntegralNumber() && quota.canConvertToLong() && quota.longValue() > 0,
        "dailyEventQuota",
        quota,
        "a whole number above 0, or null for any number");
    return new TenantSettings(
        quota.isMissingNode() ? null : (Long) quota.longValue(),
        object(document, "catalogue"),
        object(document, "privacy"),
        document);
  }

  private static JsonNode object(ObjectNode document, String field) {
    JsonNode value = given(document, field);
    require(value.isMissingNode() || value.isObject(), field, value, "a JSON object");
    return value;
  }

  private static JsonNode given(ObjectNode document, String field) {
    JsonNode value = document.path(field);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  private static void require(boolean holds, String field, JsonNode value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(field + " is " + value + "; give " + allowed);
    }
  }

  /**
   * The same with one field changed.
   *
   * @param path a field, or several joined by dots for one inside, such as {@code privacy.consent}
   * @param value JSON, or a text that is none and means itself; {@code null} takes the field out
   */
  public TenantSettings with(String path, String value) {
    String[] names = path.split("\\.", -1);
    if (!FIELDS.contains(names[0])) {
      throw new IllegalArgumentException(
          "there is no setting \"" + names[0] + "\"; there are " + String.join(", ", FIELDS));
    }
    ObjectNode changed = document.deepCopy();
    ObjectNode parent = changed;
    for (int i = 0; i < names.length - 1; i++) {
      JsonNode inner = parent.path(names[i]);
      if (!inner.isMissingNode() && !inner.isNull() && !inner.isObject()) {
        throw new IllegalArgumentException(
            names[i] + " is " + inner + " and has no field " + names[i + 1] + " inside");
      }
      parent = inner.isObject() ? (ObjectNode) inner : parent.putObject(names[i]);
    }
    JsonNode node = node(value);
    String last = names[names.length - 1];
    if (node.isNull()) {
      parent.remove(last);
    } else {
      parent.set(last, node);
    }
    return of(changed);
  }

  private static JsonNode node(String value) {
    try {
      JsonNode node = JSON.readTree(value);
      return node.isMissingNode() ? JSON.getNodeFactory().textNode(value) : node;
    } catch (JsonProcessingException e) {
      return JSON.getNodeFactory().textNode(value); // a word without quotes
    }
  }

  @Override
  public String toString() {
    return document.toString();
  }
}
