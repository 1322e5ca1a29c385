package io.millrace.alerts.send;

import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.ChannelSpec;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Sends one alert to one channel, once. Thread-safe. */
public final class Senders implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpPoster http;
  private final Mailer mailer;
  private final Clock clock;

  /**
   * Those for all kinds of channels.
   *
   * @param smtp null where no mail can be sent
   */
  public Senders(SmtpServer smtp, Clock clock) {
    this(smtp, clock, Resolver.OF_THE_MACHINE, TIMEOUT);
  }

  Senders(SmtpServer smtp, Clock clock, Resolver resolver, Duration timeout) {
    this.http = new HttpPoster(resolver, timeout);
    this.mailer = smtp == null ? null : new Mailer(smtp, timeout);
    this.clock = clock;
  }

  /**
   * Returns when the receiver has taken it.
   *
   * @throws SendFailedException when it has not, or nobody knows
   */
  public void send(ChannelSpec channel, Alert alert) throws SendFailedException {
    if (channel instanceof ChannelSpec.Webhook webhook) {
      byte[] body = Bodies.webhook(alert);
      String timestamp = Long.toString(clock.instant().getEpochSecond());
      http.post(
          webhook,
          webhook.url(),
          Map.of(
              WebhookSignature.MESSAGE_ID,
              alert.messageId(),
              WebhookSignature.TIMESTAMP,
              timestamp,
              WebhookSignature.SIGNATURE,
              WebhookSignature.of(timestamp, body, webhook.secret())),
          body);
    } else if (channel instanceof ChannelSpec.Slack slack) {
      http.post(slack, slack.url(), Map.of(), Bodies.slack(alert));
    } else if (channel instanceof ChannelSpec.Alertmanager alertmanager) {
      http.post(alertmanager, alertsOf(alertmanager.url()), Map.of(), Bodies.alertmanager(alert));
    } else if (channel instanceof ChannelSpec.Email email) {
      if (mailer == null) {
        throw new SendFailedException(
            "no mail server is given; give one with --smtp, or another kind of channel");
      }
      mailer.send(email, alert);
    } else {
      throw new IllegalStateException("No sender for " + channel);
    }
  }

  private static URI alertsOf(URI root) {
    return URI.create(root.toString().replaceAll("/+$", "") + "/api/v2/alerts");
  }

  @Override
  public void close() {
    http.close();
  }
}
