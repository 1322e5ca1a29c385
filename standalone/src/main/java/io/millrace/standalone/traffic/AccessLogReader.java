package io.millrace.standalone.traffic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * An access log in combined or common format as events; {@link LogRules} says which lines are
 * which.
 *
 * <p>The event id is a function of the line and its number, so that a second replay of the same
 * file consists of duplicates only. The visitor is a hash of address and user agent.
 */
public final class AccessLogReader extends TrafficFile {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int VISITOR_HASH_BYTES = 8;

  private final String site;
  private final MessageDigest sha256;

  /**
   * @param site base URL that the paths of the log are appended to, without a slash at the end
   */
  public AccessLogReader(Path path, String site) throws IOException {
    super(path);
    this.site = site.endsWith("/") ? site.substring(0, site.length() - 1) : site;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  OutgoingEvent eventOf(byte[] line, long lineNumber) throws UnreadableLineException {
    LogLine parsed = LogLine.parse(text(line));
    LogRules.Decision decision = LogRules.decide(parsed);
    if (decision.leftOut() != null) {
      leaveOut(decision.leftOut());
      return null;
    }

    String eventId = eventId(line, lineNumber);
    String visitorId = visitorId(parsed.address(), parsed.userAgent());
    byte[] json = json(eventId, decision.eventType(), visitorId, parsed, lineNumber);
    return new OutgoingEvent(eventId, visitorId, parsed.timestamp(), json);
  }

  private static String eventId(byte[] line, long lineNumber) {
    ByteBuffer name = ByteBuffer.allocate(Long.BYTES + line.length);
    return UUID.nameUUIDFromBytes(name.putLong(lineNumber).put(line).array()).toString();
  }

  private String visitorId(String address, String userAgent) {
    byte[] hash = sha256.digest((address + '\n' + userAgent).getBytes(StandardCharsets.UTF_8));
    return "v_" + HexFormat.of().formatHex(hash, 0, VISITOR_HASH_BYTES);
  }

  private byte[] json(
      String eventId, String eventType, String visitorId, LogLine line, long number) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("eventId", eventId);
      json.writeStringField("eventType", eventType);
      json.writeNumberField("timestamp", line.timestamp());
      json.writeStringField("visitorId", visitorId);
      json.writeStringField("pageUrl", pageUrl(line.target()));
      // Empty rather than absent: for an absent user agent the gateway takes that of its caller.
      json.writeStringField("referrer", line.referrer());
      json.writeStringField("userAgent", line.userAgent());
      json.writeStringField("ip", line.address());
      json.writeObjectFieldStart("properties");
      json.writeStringField("method", line.method());
      json.writeNumberField("status", line.status());
      json.writeNumberField("line", number);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write JSON into memory", e);
    }
    return out.toByteArray();
  }

  private String pageUrl(String target) {
    if (target.startsWith("http://") || target.startsWith("https://")) {
      return target; // a proxy's log holds whole URLs
    }
    return target.startsWith("/") ? site + target : site + "/" + target;
  }
}
