package io.millrace.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.geo.IpRules;
import io.millrace.domain.geo.Place;
import io.millrace.gateway.access.WriteKey;
import java.net.InetAddress;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** Decides about the events of a body: accepted or refused, and as which Kafka records. */
final class Collector {
  private final GatewayOptions options;
  private final GeoLookup geo;
  private final DeadLetterBudget deadLetters;
  private final EventReader reader = new EventReader();

  Collector(GatewayOptions options, GeoLookup geo) {
    this.options = options;
    this.geo = geo;
    this.deadLetters = new DeadLetterBudget(options.deadLettersPerHour());
  }

  /** The events of a body, not yet decided about. */
  Batch read(byte[] body) throws ProblemException {
    return Batch.read(body, reader, options.maxBatchEvents());
  }

  Outcome collect(
      Batch batch,
      byte[] body,
      WriteKey key,
      RequestHeaders headers,
      InetAddress client,
      long receivedAt) {
    Outcome outcome = new Outcome();
    Sender sender = new Sender(key, headers, receivedAt, batch.sentAt());
    Envelope shared = sender.envelope(key.serverSide() ? null : client);
    List<Header> sharedHeaders = Records.headers(shared);
    for (int index = 0; index < batch.items().size(); index++) {
      Batch.Item item = batch.items().get(index);
      Envelope envelope = shared;
      List<Header> recordHeaders = sharedHeaders;
      if (key.serverSide() && item.address().address() != null) {
        envelope = sender.envelope(IpRules.parse(item.address().address()).orElse(null));
        recordHeaders = Records.headers(envelope);
      }
      try {
        if (item.refused() != null) {
          throw item.refused();
        }
        requireAllowedType(key, item.event());
        reader.complete(item.event(), envelope);
        byte[] kept = KeptBytes.ofAccepted(body, item.start(), item.end(), item.address());
        outcome.records.add(
            Records.accepted(
                options.rawTopic(), envelope, recordHeaders, item.event().visitorId, kept));
        outcome.accepted++;
      } catch (RefusedException refused) {
        refuse(outcome, index, item, refused, key, envelope, body);
      }
    }
    return outcome;
  }

  private static void requireAllowedType(WriteKey key, Event event) throws RefusedException {
    if (!key.policy().allowsType(event.eventType)) {
      throw new RefusedException(
          Refusal.EVENT_TYPE_NOT_ALLOWED,
          "eventType is "
              + event.eventType
              + "; this key may send "
              + String.join(", ", key.policy().sortedTypes()),
          event.eventId);
    }
  }

  private void refuse(
      Outcome outcome,
      int index,
      Batch.Item item,
      RefusedException refused,
      WriteKey key,
      Envelope envelope,
      byte[] body) {
    KeptBytes.Refused kept = KeptBytes.ofRefused(body, item.start(), item.end());
    outcome.rejected.add(
        new Outcome.Rejected(index, kept.eventId(), refused.refusal(), refused.getMessage()));
    if (deadLetters.take(key, envelope.receivedAt())) {
      outcome.records.add(Records.refused(options.deadLetterTopic(), envelope, refused, kept));
      outcome.deadLetters++;
    } else {
      outcome.deadLettersBeyondLimit++;
    }
  }

  /** What all events of a request share. */
  private final class Sender {
    private final WriteKey key;
    private final long receivedAt;
    private final Long sentAt;
    private final String userAgent;

    Sender(WriteKey key, RequestHeaders headers, long receivedAt, Long sentAt) {
      this.key = key;
      this.receivedAt = receivedAt;
      this.sentAt = sentAt;
      // A server's own user agent says nothing about its visitors, and looks like a bot.
      this.userAgent = key.serverSide() ? null : headers.get(HttpHeaderNames.USER_AGENT);
    }

    Envelope envelope(InetAddress address) {
      Place place = address == null ? null : geo.lookup(address).orElse(null);
      return new Envelope(
          key.tenant(),
          receivedAt,
          sentAt,
          key.historical(),
          address == null ? null : IpRules.prefix(address),
          place == null ? null : place.country(),
          place == null ? null : place.region(),
          place == null ? null : place.city(),
          userAgent);
    }
  }
}
