package io.millrace.gateway.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.catalogue.Catalogue;
import io.millrace.domain.catalogue.CatalogueSettings;
import io.millrace.domain.privacy.PrivacyPolicy;
import io.millrace.domain.tenant.TenantPolicy;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a tenant has chosen: one JSON document. Fields that this version does not know stay in it.
 *
 * @param dailyEventQuota how many events the tenant may send per UTC day, or null for any number
 * @param policy the fields {@code catalogue} and {@code privacy}
 * @param document all of it; not to be changed
 */
public record TenantSettings(Long dailyEventQuota, TenantPolicy policy, ObjectNode document) {
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private static final Map<String, Class<? extends Record>> SECTIONS =
      Map.of("catalogue", CatalogueSettings.class, "privacy", PrivacyPolicy.class);

  /** The fields that can be set. */
  public static final Set<String> FIELDS =
      new TreeSet<>(Set.of("catalogue", "dailyEventQuota", "privacy", "stripeWebhookSecret"));

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
    JsonNode secret = given(document, "stripeWebhookSecret");
    require(
        secret.isMissingNode() || secret.isTextual() && !secret.textValue().isBlank(),
        "stripeWebhookSecret",
        secret,
        "the secret of Stripe's webhook endpoint as a text, or null for none");
    return new TenantSettings(
        quota.isMissingNode() ? null : (Long) quota.longValue(),
        new TenantPolicy(
            section(document, "catalogue", CatalogueSettings.class),
            section(document, "privacy", PrivacyPolicy.class)),
        document);
  }

  /** What Stripe signs this tenant's webhooks with, or null when it may send none. */
  public String stripeWebhookSecret() {
    return document.path("stripeWebhookSecret").textValue();
  }

  /** The document for people to see: of a secret it only says that there is one. */
  public ObjectNode shown() {
    ObjectNode shown = document.deepCopy();
    if (stripeWebhookSecret() != null) {
      shown.put("stripeWebhookSecret", "(set)");
    }
    return shown;
  }

  private static <T> T section(ObjectNode document, String field, Class<T> type) {
    try {
      T section = JSON.treeToValue(object(document, field), type);
      if (section instanceof CatalogueSettings catalogue) {
        Catalogue.builtIn().with(catalogue.types()); // says what is wrong with a type
      }
      return section;
    } catch (ValueInstantiationException e) {
      throw new IllegalArgumentException(e.getCause().getMessage(), e);
    } catch (InvalidFormatException e) {
      throw new IllegalArgumentException(
          field
              + path(e)
              + " is "
              + JSON.valueToTree(e.getValue())
              + "; give "
              + (e.getTargetType().isEnum()
                  ? "one of " + words(e.getTargetType())
                  : e.getTargetType().getSimpleName()),
          e);
    } catch (JsonMappingException e) {
      throw new IllegalArgumentException(field + path(e) + ": " + e.getOriginalMessage(), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(field + ": " + e.getOriginalMessage(), e);
    }
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .filter(step -> step.getFieldName() != null)
        .map(step -> "." + step.getFieldName())
        .collect(Collectors.joining());
  }

  private static String words(Class<?> choices) {
    return Stream.of(choices.getEnumConstants())
        .map(choice -> JSON.valueToTree(choice).asText())
        .collect(Collectors.joining(", "));
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
    Class<? extends Record> section = SECTIONS.get(names[0]);
    if (section != null && names.length > 1) {
      requireComponent(section, names[0], names[1]);
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

  private static void requireComponent(Class<? extends Record> section, String field, String name) {
    List<String> known =
        Stream.of(section.getRecordComponents()).map(RecordComponent::getName).sorted().toList();
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "there is no setting \""
              + field
              + '.'
              + name
              + "\"; there are "
              + known.stream().map(one -> field + '.' + one).collect(Collectors.joining(", ")));
    }
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
