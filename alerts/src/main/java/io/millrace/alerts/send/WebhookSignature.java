package io.millrace.alerts.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;

/** What proves to a webhook that a message is ours, and of now. */
final class WebhookSignature {
  static final String MESSAGE_ID = "millrace-message-id";
  static final String TIMESTAMP = "millrace-timestamp";
  static final String SIGNATURE = "millrace-signature";

  private WebhookSignature() {}

  /** HMAC-SHA256 over {@code <epoch seconds>.<body>}: {@code v1=<hex>}. */
  static String of(String timestamp, byte[] body, String secret) {
    byte[] mac =
        Hashing.hmacSha256(secret.getBytes(UTF_8))
            .newHasher()
            .putString(timestamp, UTF_8)
            .putByte((byte) '.')
            .putBytes(body)
            .hash()
            .asBytes();
    return "v1=" + BaseEncoding.base16().lowerCase().encode(mac);
  }
}
