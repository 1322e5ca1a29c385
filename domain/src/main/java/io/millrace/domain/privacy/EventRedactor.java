package io.millrace.domain.privacy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.domain.event.Event;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.event.Limits;
import java.io.IOException;
import java.util.Set;

/**
 * Takes out of an event's bytes what one policy does not want kept: the address, secrets and mail
 * addresses in URLs, dropped properties, and in cookieless mode the sender's own ids.
 *
 * <p>It reads the event's tokens once and copies its bytes around what has to change, so that all
 * else stays as it was sent. Thread-safe.
 */
public final class EventRedactor {
  private static final JsonFactory JSON = EventReader.newFactory();
  private static final Set<String> URLS = Set.of("pageUrl", "pagePath", "referrer");
  private static final Set<String> TEXTS =
      Set.of("pageTitle", "utmSource", "utmMedium", "utmCampaign", "utmTerm", "utmContent");

  private final PrivacyPolicy policy;

  public EventRedactor(PrivacyPolicy policy) {
    this.policy = policy;
  }

  /** Whether anything but the address may have to go from an accepted event; cheap. */
  public boolean concerns(Event event) {
    if (event.properties != null
        && (policy.filtersProperties()
            || (policy.scrub() && ScrubRules.mayHoldSecrets(event.properties)))) {
      return true;
    }
    return policy.scrub()
        && (changesUrl(event.pageUrl)
            || changesUrl(event.referrer)
            || changesUrl(event.pagePath)
            || changesText(event.pageTitle)
            || changesText(event.utmSource)
            || changesText(event.utmMedium)
            || changesText(event.utmCampaign)
            || changesText(event.utmTerm)
            || changesText(event.utmContent));
  }

  @SuppressWarnings("ReferenceEquality") // an unchanged text is the same object
  private static boolean changesUrl(String url) {
    return ScrubRules.url(url) != url;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean changesText(String text) {
    return ScrubRules.text(text) != text;
  }

  /** A message about an event, which may show a value of it. */
  public String message(String message) {
    return policy.scrub() ? ScrubRules.url(message) : message;
  }

  /** An accepted event under its own {@code visitorId}. */
  public Redacted accepted(byte[] json, int start, int end) {
    return new Pass(json, start, end, false, false, null).run();
  }

  /** An accepted event under another visitor id, without the sender's ids. */
  public Redacted acceptedAs(String visitorId, byte[] json, int start, int end) {
    return new Pass(json, start, end, false, true, visitorId).run();
  }

  /** A refused event: its form is not known, so it is searched at every depth. */
  public Redacted refused(byte[] json, int start, int end) {
    boolean dropIds = policy.visitors() == VisitorIdentity.COOKIELESS;
    return new Pass(json, start, end, true, dropIds, null).run();
  }

  /** One reading of one event. */
  private final class Pass {
    private final int start;
    private final Splice out;
    private final byte[] json;
    private final int end;
    private final boolean refused;
    private final boolean replaceIds;
    private final String visitorId;
    private boolean visitorSeen;
    private boolean changed;
    private String eventId;
    private String consent;

    /**
     * @param visitorId stands for the sender's when the ids are replaced; null leaves none
     */
    Pass(byte[] json, int start, int end, boolean refused, boolean replaceIds, String visitorId) {
      this.json = json;
      this.start = start;
      this.end = end;
      this.refused = refused;
      this.replaceIds = replaceIds;
      this.visitorId = visitorId;
      this.out = new Splice(json, start, end);
    }

    Redacted run() {
      try (JsonParser parser = JSON.createParser(json, start, end - start)) {
        if (parser.nextToken() == JsonToken.START_OBJECT) {
          readEvent(parser);
        } else {
          readFree(parser);
        }
      } catch (IOException e) {
        throw new IllegalStateException("The event was read before and now cannot be", e);
      }
      return new Redacted(out.bytes(), changed, eventId, consent);
    }

    private void readEvent(JsonParser parser) throws IOException {
      int open = startOf(parser);
      DroppedFields dropped = new DroppedFields();
      boolean empty = true;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        empty = false;
        int nameStart = startOf(parser);
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        boolean known = EventReader.knows(name);
        if (!known && !policy.keeps(name)) {
          skip(parser);
          dropped.add(nameStart, endOf(parser));
          continue;
        }
        dropped.keep(nameStart);
        if (known) {
          readKnown(parser, name, value);
        } else {
          readFree(parser);
        }
        dropped.kept(endOf(parser));
      }
      dropped.end();
      if (replaceIds && !visitorSeen && visitorId != null) {
        out.insert(open + 1, "\"visitorId\":" + Splice.quoted(visitorId) + (empty ? "" : ","));
        changed = true;
      }
    }

    private void readKnown(JsonParser parser, String name, JsonToken value) throws IOException {
      if (name.equals("ip")) {
        replaceWithNull(parser);
      } else if (name.equals("properties") && value == JsonToken.START_OBJECT) {
        readProperties(parser);
      } else if (replaceIds && name.equals("visitorId")) {
        visitorSeen = true;
        int from = startOf(parser);
        skip(parser);
        out.replace(from, endOf(parser), visitorId == null ? "null" : Splice.quoted(visitorId));
        changed = true;
      } else if (replaceIds && name.equals("sessionId")) {
        replaceWithNull(parser);
        changed = true;
      } else if (value != JsonToken.VALUE_STRING) {
        readFree(parser);
      } else if (URLS.contains(name)) {
        scrubUrl(parser);
      } else if (TEXTS.contains(name)) {
        scrubText(parser);
      } else {
        remember(parser, name);
      }
    }

    private void remember(JsonParser parser, String name) throws IOException {
      if (name.equals("eventId")
          && eventId == null
          && parser.getTextLength() <= Limits.MAX_EVENT_ID_LENGTH) {
        eventId = parser.getText();
      } else if (name.equals("consent") && consent == null) {
        consent = parser.getText();
      } else if (refused) {
        readFree(parser);
      } else {
        skip(parser);
      }
    }

    private void readProperties(JsonParser parser) throws IOException {
      DroppedFields dropped = new DroppedFields();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int nameStart = startOf(parser);
        String name = parser.currentName();
        parser.nextToken();
        if (!policy.keeps(name)) {
          skip(parser);
          dropped.add(nameStart, endOf(parser));
          continue;
        }
        dropped.keep(nameStart);
        if (refused && name.equals("ip")) {
          replaceWithNull(parser);
        } else {
          readFree(parser);
        }
        dropped.kept(endOf(parser));
      }
      dropped.end();
    }

    /** A value of unknown meaning: only what looks like a URL is one. */
    private void readFree(JsonParser parser) throws IOException {
      switch (parser.currentToken()) {
        case VALUE_STRING -> {
          if (policy.scrub() && ScrubRules.looksLikeUrl(parser.getText())) {
            scrubUrl(parser);
          } else {
            skip(parser);
          }
        }
        case START_ARRAY -> {
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            readFree(parser);
          }
        }
        case START_OBJECT -> {
          while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (refused && name.equals("ip")) {
              replaceWithNull(parser);
            } else {
              readFree(parser);
            }
          }
        }
        default -> skip(parser);
      }
    }

    private void scrubUrl(JsonParser parser) throws IOException {
      String url = parser.getText();
      replaceText(parser, url, policy.scrub() ? ScrubRules.url(url) : url);
    }

    private void scrubText(JsonParser parser) throws IOException {
      String text = parser.getText();
      replaceText(parser, text, policy.scrub() ? ScrubRules.text(text) : text);
    }

    private void replaceText(JsonParser parser, String text, String kept) throws IOException {
      int from = startOf(parser);
      skip(parser);
      if (!kept.equals(text)) {
        out.replace(from, endOf(parser), Splice.quoted(kept));
        changed = true;
      }
    }

    private void replaceWithNull(JsonParser parser) throws IOException {
      int from = startOf(parser);
      skip(parser);
      out.replace(from, endOf(parser), "null");
    }

    private void skip(JsonParser parser) throws IOException {
      parser.skipChildren();
      parser.finishToken();
    }

    private int startOf(JsonParser parser) {
      return start + (int) parser.currentTokenLocation().getByteOffset();
    }

    private int endOf(JsonParser parser) {
      return start + (int) parser.currentLocation().getByteOffset();
    }

    /** Cuts fields out of one object, each with the comma that belongs to it. */
    private final class DroppedFields {
      private int cutFrom = -1;
      private int lastEnd = -1;
      private boolean anyKept;

      void add(int nameStart, int valueEnd) {
        changed = true;
        if (anyKept) {
          out.replace(lastEnd, valueEnd, "");
        } else if (cutFrom < 0) {
          cutFrom = nameStart;
        }
        lastEnd = valueEnd;
      }

      /** Before the value of a field that stays. */
      void keep(int nameStart) {
        if (cutFrom >= 0) {
          out.replace(cutFrom, nameStart, "");
          cutFrom = -1;
        }
        anyKept = true;
      }

      /** After it. */
      void kept(int valueEnd) {
        lastEnd = valueEnd;
      }

      void end() {
        if (cutFrom >= 0) {
          out.replace(cutFrom, lastEnd, "");
        }
      }
    }
  }
}
