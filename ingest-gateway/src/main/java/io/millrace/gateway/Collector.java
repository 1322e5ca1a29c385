package io.millrace.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.millrace.domain.catalogue.Finding;
import io.millrace.domain.event.Envelope;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Refusal;
import io.millrace.domain.event.RefusedException;
import io.millrace.domain.geo.IpRules;
import io.millrace.domain.geo.Place;
import io.millrace.domain.privacy.Redacted;
import io.millrace.domain.privacy.Withheld;
import io.millrace.gateway.access.WriteKey;
import io.millrace.gateway.privacy.ActivePolicy;
import io.millrace.gateway.privacy.PolicyCache;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Header;

/** Decides about the events of a body: accepted, withheld or refused, and as which records. */
final class Collector {
  private final GatewayOptions options;
  private final GeoLookup geo;
  private final PolicyCache policies;
  private final DeadLetterBudget deadLetters;

  Collector(GatewayOptions options, GeoLookup geo, PolicyCache policies) {
    this.options = options;
    this.geo = geo;
    this.policies = policies;
    this.deadLetters = new DeadLetterBudget(options.deadLettersPerHour());
  }

  /** What the key's tenant wants of its events, as it is now: one for the whole of a request. */
  ActivePolicy policy(WriteKey key) {
    return policies.of(key.tenant());
  }

  /** The events of a body, not yet decided about. */
  Batch read(byte[] body, WriteKey key, ActivePolicy policy) throws ProblemException {
    return Batch.read(body, policy.reader(key.historical()), options.maxBatchEvents());
  }

  Outcome collect(
      Batch batch,
      byte[] body,
      WriteKey key,
      ActivePolicy policy,
      RequestHeaders headers,
      InetAddress client,
      long receivedAt) {
    Outcome outcome = new Outcome();
    // A server's own request says nothing about what its visitors want.
    Optional<Withheld> unwanted =
        key.serverSide()
            ? Optional.empty()
            : policy.privacy().withholds(headers.get("dnt"), headers.get("sec-gpc"));
    if (unwanted.isPresent()) {
      outcome.withhold(unwanted.get(), batch.items().size());
      return outcome;
    }
    Request request =
        new Request(key, headers, policy, policy.reader(key.historical()), body, outcome);
    Sender sender = new Sender(key, headers, receivedAt, batch.sentAt());
    InetAddress address = key.serverSide() ? null : client;
    Envelope shared = sender.envelope(address);
    List<Header> sharedHeaders = Records.headers(shared);
    for (int index = 0; index < batch.items().size(); index++) {
      Batch.Item item = batch.items().get(index);
      Envelope envelope = shared;
      List<Header> recordHeaders = sharedHeaders;
      if (key.serverSide()) {
        address = IpRules.parse(item.address().address()).orElse(null);
        if (address != null) {
          envelope = sender.envelope(address);
          recordHeaders = Records.headers(envelope);
        }
      }
      try {
        if (item.refused() != null) {
          throw item.refused();
        }
        request.take(item, envelope, recordHeaders, address);
      } catch (RefusedException refused) {
        request.refuse(index, item, refused, envelope);
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

  /** The events of one request, one after the other. */
  private final class Request {
    private final WriteKey key;
    private final RequestHeaders headers;
    private final ActivePolicy policy;
    private final EventReader reader;
    private final byte[] body;
    private final Outcome outcome;

    Request(
        WriteKey key,
        RequestHeaders headers,
        ActivePolicy policy,
        EventReader reader,
        byte[] body,
        Outcome outcome) {
      this.key = key;
      this.headers = headers;
      this.policy = policy;
      this.reader = reader;
      this.body = body;
      this.outcome = outcome;
    }

    /** Makes a record of an event, unless its visitor does not want that. */
    void take(Batch.Item item, Envelope envelope, List<Header> recordHeaders, InetAddress address)
        throws RefusedException {
      Event event = item.event();
      requireAllowedType(key, event);
      reader.complete(event, envelope);
      Optional<Withheld> unwanted = policy.privacy().withholdsEvent(event.consent, event.country);
      if (unwanted.isPresent()) {
        outcome.withhold(unwanted.get(), 1);
        return;
      }

      Optional<Finding> finding = policy.check(event);
      Optional<String> visitorId = policy.visitorId(event, address, page(), key.historical());
      byte[] kept = kept(item, visitorId);
      List<Header> all = recordHeaders;
      if (finding.isPresent()) {
        String message = policy.redactor().message(finding.get().message());
        all = Records.flagged(recordHeaders, finding.get().refusal(), message);
        outcome.flag(finding.get().refusal());
      }
      outcome.records.add(
          Records.accepted(
              options.rawTopic(), envelope, all, visitorId.orElse(event.visitorId), kept));
      outcome.accepted++;
    }

    private byte[] kept(Batch.Item item, Optional<String> visitorId) {
      Redacted redacted;
      if (visitorId.isPresent()) {
        redacted = policy.redactor().acceptedAs(visitorId.get(), body, item.start(), item.end());
      } else if (policy.redactor().concerns(item.event())) {
        redacted = policy.redactor().accepted(body, item.start(), item.end());
      } else {
        return KeptBytes.ofAccepted(body, item.start(), item.end(), item.address());
      }
      outcome.redacted += redacted.changed() ? 1 : 0;
      return redacted.bytes();
    }

    /** Which page the browser says the request comes from, or null. */
    private String page() {
      String origin = headers.get(HttpHeaderNames.ORIGIN);
      return origin == null ? headers.get(HttpHeaderNames.REFERER) : origin;
    }

    /** Answers with the reason and keeps a dead letter, unless the visitor does not want that. */
    void refuse(int index, Batch.Item item, RefusedException refused, Envelope envelope) {
      Redacted kept = policy.redactor().refused(body, item.start(), item.end());
      Optional<Withheld> unwanted =
          policy.privacy().withholdsEvent(kept.consent(), envelope.country());
      if (unwanted.isPresent()) {
        outcome.withhold(unwanted.get(), 1);
        return;
      }
      outcome.rejected.add(
          new Outcome.Rejected(index, kept.eventId(), refused.refusal(), refused.getMessage()));
      if (deadLetters.take(key, envelope.receivedAt())) {
        String message = policy.redactor().message(refused.getMessage());
        outcome.records.add(
            Records.refused(options.deadLetterTopic(), envelope, refused, message, kept));
        outcome.deadLetters++;
        outcome.redacted += kept.changed() ? 1 : 0;
      } else {
        outcome.deadLettersBeyondLimit++;
      }
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
