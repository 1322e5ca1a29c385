package io.millrace.gateway.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import io.millrace.domain.event.EventText;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Whether a webhook comes from Stripe, and lately: the header {@code Stripe-Signature}. */
public final class StripeSignature {
  private static final long TOLERANCE_SECONDS = Duration.ofMinutes(5).toSeconds();
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private StripeSignature() {}

  /**
   * Looks for what is wrong.
   *
   * @param header {@code t=<epoch seconds>,v1=<hex>}; several {@code v1} while a secret is changed
   * @param body the bytes as they came
   * @return why it is not believed, or nothing when it is
   */
  public static Optional<String> fault(String header, byte[] body, String secret, long nowMillis) {
    String time = null;
    List<String> signatures = new ArrayList<>();
    for (String part : header == null ? new String[0] : header.split(",")) {
      String one = part.trim();
      if (one.startsWith("t=")) {
        time = one.substring(2);
      } else if (one.startsWith("v1=")) {
        signatures.add(one.substring(3));
      }
    }
    if (time == null || !SECONDS.matcher(time).matches() || signatures.isEmpty()) {
      return Optional.of(
          "Stripe-Signature is "
              + (header == null ? "missing" : '"' + EventText.shown(header) + '"')
              + "; it has the form t=<epoch seconds>,v1=<hex>");
    }
    byte[] expected = sign(time, body, secret).getBytes(UTF_8);
    boolean signed = false;
    for (String signature : signatures) {
      // Compares all bytes and all signatures, so that the time taken says nothing.
      signed |= MessageDigest.isEqual(expected, signature.getBytes(UTF_8));
    }
    if (!signed) {
      return Optional.of(
          "no v1 of Stripe-Signature fits the body and the tenant's stripeWebhookSecret");
    }
    long offSeconds = Math.abs(nowMillis / 1000 - Long.parseLong(time));
    return offSeconds <= TOLERANCE_SECONDS
        ? Optional.empty()
        : Optional.of(
            "the webhook was signed "
                + offSeconds
                + " s away from now; at most "
                + TOLERANCE_SECONDS
                + " s are allowed");
  }

  /** The signature of a body, as Stripe computes it. */
  public static String sign(String time, byte[] body, String secret) {
    byte[] mac =
        Hashing.hmacSha256(secret.getBytes(UTF_8))
            .newHasher()
            .putString(time, UTF_8)
            .putByte((byte) '.')
            .putBytes(body)
            .hash()
            .asBytes();
    return BaseEncoding.base16().lowerCase().encode(mac);
  }
}
