package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Stripe's events as billing events. The provider's id is the event's, so that a webhook which is
 * sent again is a duplicate.
 */
public final class StripeForm {
  /** Not {@code invoice.payment_succeeded}: it comes beside {@code invoice.paid}. */
  private static final Map<String, String> TYPES =
      Map.of(
          "customer.subscription.created", "billing_subscription_created",
          "customer.subscription.updated", "billing_subscription_updated",
          "customer.subscription.deleted", "billing_subscription_deleted",
          "invoice.paid", "billing_invoice_paid",
          "invoice.payment_failed", "billing_invoice_failed");

  /** Currencies whose amounts Stripe gives in whole units; hundredths of all others but three. */
  private static final Set<String> WHOLE_UNITS =
      Set.of(
          "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
          "XOF", "XPF");

  private static final Set<String> THOUSANDTHS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

  private StripeForm() {}

  /** The event, or nothing where Stripe tells of something that is no billing event. */
  public static Optional<ObjectNode> event(JsonNode given) {
    String type = TYPES.get(given.path("type").asText());
    if (type == null) {
      return Optional.empty();
    }
    JsonNode object = given.path("data").path("object");
    String id = Json.text(given, "id");
    String customer = id(object.path("customer"));
    JsonNode metadata = object.path("metadata");
    String visitor = Json.text(metadata, "visitorId", "visitor_id");
    ObjectNode event = Json.MAPPER.createObjectNode();
    Json.put(event, "eventId", id == null ? null : EventIds.fitting(id));
    event.put("eventType", type);
    if (given.path("created").isIntegralNumber()) {
      event.put("timestamp", given.get("created").longValue() * 1000);
    }
    Json.put(event, "visitorId", visitor == null ? customer : visitor);
    Json.put(event, "userId", Json.text(metadata, "userId", "user_id"));
    event.put("source", "stripe");

    ObjectNode properties = event.objectNode();
    properties.put("provider", "stripe");
    Json.put(properties, "providerEventId", id);
    Json.put(properties, "customerId", customer);
    if (type.startsWith("billing_invoice")) {
      invoice(event, properties, object, type);
    } else {
      subscription(event, properties, object);
    }
    event.set("properties", properties);
    return Optional.of(event);
  }

  private static void invoice(
      ObjectNode event, ObjectNode properties, JsonNode object, String type) {
    String currency = currency(object);
    boolean paid = type.equals("billing_invoice_paid");
    JsonNode amount = object.path(paid ? "amount_paid" : "amount_due");
    Json.put(properties, "invoiceId", Json.text(object, "id"));
    Json.put(properties, "subscriptionId", id(object.path("subscription")));
    Json.put(properties, "billingReason", Json.text(object, "billing_reason"));
    Json.put(properties, "attempt", Json.first(object, "attempt_count"));
    Json.put(properties, "currency", currency);
    if (amount.isIntegralNumber() && currency != null) {
      long cents = cents(amount.longValue(), currency);
      properties.put("amountCents", cents);
      if (paid) {
        event.put("revenueCents", cents).put("currency", currency);
      }
    }
    entity(event, "invoice", Json.text(object, "id"));
  }

  private static void subscription(ObjectNode event, ObjectNode properties, JsonNode object) {
    JsonNode item = object.path("items").path("data").path(0);
    JsonNode price = item.path("price");
    String currency = currency(price) == null ? currency(object) : currency(price);
    Json.put(properties, "subscriptionId", Json.text(object, "id"));
    Json.put(properties, "planId", Json.text(price, "id"));
    Json.put(properties, "interval", Json.text(price.path("recurring"), "interval"));
    Json.put(properties, "quantity", Json.first(item, "quantity"));
    Json.put(properties, "status", Json.text(object, "status"));
    Json.put(properties, "cancelAtPeriodEnd", Json.first(object, "cancel_at_period_end"));
    Json.put(properties, "currency", currency);
    if (price.path("unit_amount").isIntegralNumber() && currency != null) {
      properties.put("amountCents", cents(price.get("unit_amount").longValue(), currency));
    }
    if (object.path("trial_end").isIntegralNumber()) {
      properties.put("trialEndsAt", object.get("trial_end").longValue() * 1000);
    }
    entity(event, "subscription", Json.text(object, "id"));
  }

  private static void entity(ObjectNode event, String type, String id) {
    if (id != null) {
      event.put("entityType", type).put("entityId", id);
    }
  }

  /** Stripe gives the id of an object, or the object. */
  private static String id(JsonNode reference) {
    return reference.isObject()
        ? Json.text(reference, "id")
        : reference.isTextual() ? reference.textValue() : null;
  }

  private static String currency(JsonNode object) {
    String currency = Json.text(object, "currency");
    return currency == null ? null : currency.toUpperCase(Locale.ROOT);
  }

  private static long cents(long amount, String currency) {
    if (WHOLE_UNITS.contains(currency)) {
      return amount * 100;
    }
    return THOUSANDTHS.contains(currency) ? Math.floorDiv(amount, 10) : amount;
  }
}
