package io.millrace.domain.alert;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.domain.alert.AlertRulesReader.Refusals;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads where alerts go from what the schema has let through. */
final class ChannelReader {
  /** What each kind must have; of the rest, {@code allow} goes with a {@code url}. */
  private static final Map<String, List<String>> NEEDED =
      Map.of(
          "webhook", List.of("url", "secret"),
          "slack", List.of("url"),
          "alertmanager", List.of("url"),
          "email", List.of("to"));

  private final Refusals refusals;

  ChannelReader(Refusals refusals) {
    this.refusals = refusals;
  }

  /** Returns null, having said why, where it is no channel. */
  ChannelSpec read(String place, String name, JsonNode given) {
    String kind = given.get("kind").asText();
    List<String> needed = NEEDED.get(kind);
    boolean fits = true;
    for (String field : List.of("url", "secret", "to", "allow")) {
      boolean allowed = needed.contains(field) || (field.equals("allow") && needed.contains("url"));
      if (given.has(field) && !allowed) {
        refusals.refuse(
            place + "/kind", kind, "beside " + field + " only a kind that has one is allowed");
        fits = false;
      }
    }
    for (String field : needed) {
      if (!given.has(field)) {
        refusals.refuse(place + "/kind", kind, "it needs a " + field + ", so give one");
        fits = false;
      }
    }
    if (!fits) {
      return null;
    }
    if (kind.equals("email")) {
      return new ChannelSpec.Email(name, List.copyOf(AlertRulesReader.texts(given.get("to"))));
    }
    Set<String> allow = AlertRulesReader.texts(given.path("allow"));
    boolean http = allow.contains("http");
    boolean privately = allow.contains("private-addresses");
    URI url = url(place + "/url", given.get("url").asText(), http);
    return switch (kind) {
      case "webhook" ->
          new ChannelSpec.Webhook(name, url, given.get("secret").asText(), http, privately);
      case "slack" -> new ChannelSpec.Slack(name, url, http, privately);
      case "alertmanager" -> new ChannelSpec.Alertmanager(name, url, http, privately);
      default -> throw new IllegalStateException("The schema lets through the kind " + kind);
    };
  }

  private URI url(String place, String text, boolean allowsHttp) {
    URI url = null;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      refusals.refuse(place, shown(text), "a URL such as https://example.org/alerts is allowed");
      return null;
    }
    if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
      refusals.refuse(
          place,
          shown(text),
          "a URL with a host, without a user and without a fragment is allowed");
    } else if (!"https".equalsIgnoreCase(url.getScheme())
        && !(allowsHttp && "http".equalsIgnoreCase(url.getScheme()))) {
      refusals.refuse(
          place,
          shown(text),
          allowsHttp
              ? "https and http are allowed"
              : "https is allowed; for plain http give allow: [http]");
    }
    return url;
  }

  /** The path and user of a URL may be secret. */
  private static String shown(String url) {
    int scheme = url.indexOf("://");
    int host = Math.max(scheme < 0 ? 0 : scheme + 3, url.indexOf('@') + 1);
    int path = url.indexOf('/', host);
    return path < 0 ? url.substring(host) : url.substring(host, path) + "/…";
  }
}
