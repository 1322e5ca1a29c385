package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import io.micrometer.core.instrument.Counter;
import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.intake.StripeForm;
import io.millrace.gateway.intake.StripeSignature;
import java.util.Optional;

/** The body of {@code POST /v1/webhooks/stripe}, believed only with its signature. */
final class StripeBodies implements BodyForm {
  private static final byte[] NO_EVENTS = "[]".getBytes(US_ASCII);

  private final Counter ignored;

  StripeBodies(Counter ignored) {
    this.ignored = ignored;
  }

  /** The connection is Stripe's, and says nothing about the customer. */
  @Override
  public WriteKey key(WriteKey key) {
    return new WriteKey(
        key.tenant(), key.name(), key.historical(), true, key.policy(), key.settings());
  }

  @Override
  public byte[] toEvents(byte[] body, WriteKey from, RequestHeaders headers, long nowMillis)
      throws ProblemException {
    String secret = from.settings().stripeWebhookSecret();
    if (secret == null) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "webhook_not_configured",
          "tenant "
              + from.tenant()
              + " has no setting stripeWebhookSecret; give the endpoint's whsec_… secret");
    }
    Optional<String> fault =
        StripeSignature.fault(headers.get("stripe-signature"), body, secret, nowMillis);
    if (fault.isPresent()) {
      throw new ProblemException(HttpStatus.BAD_REQUEST, "invalid_signature", fault.get());
    }
    Optional<ObjectNode> event = StripeForm.event(BodyForms.parse(body));
    if (event.isEmpty()) {
      ignored.increment();
      return NO_EVENTS;
    }
    return BodyForms.bytes(event.get());
  }
}
