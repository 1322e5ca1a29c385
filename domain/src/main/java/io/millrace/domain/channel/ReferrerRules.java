package io.millrace.domain.channel;

import io.millrace.domain.url.Hosts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Knows search engines, social networks, mail and AI assistants by their hosts.
 *
 * <p>The list is {@code referrers.csv} beside this class. The longest entry that a host is or ends
 * with wins, so {@code mail.google.com} can differ from {@code google.*}; the asterisk stands for
 * any public suffix.
 */
final class ReferrerRules {
  private static final String RESOURCE = "referrers.csv";
  private static final Set<String> MEDIA =
      Set.of(
          ChannelRules.SEARCH,
          ChannelRules.SOCIAL,
          ChannelRules.EMAIL,
          ChannelRules.AI,
          ChannelRules.REFERRAL);

  private final Map<String, Source> sourceOfDomain;

  /** A named source of visitors and the channel that its visitors count for. */
  record Source(String name, String medium) {}

  private ReferrerRules(Map<String, Source> sourceOfDomain) {
    this.sourceOfDomain = sourceOfDomain;
  }

  static ReferrerRules curated() {
    try (InputStream in = ReferrerRules.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(
            "Cannot read the referrer list: " + RESOURCE + " is not on the class path");
      }
      return read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the referrer list " + RESOURCE, e);
    }
  }

  static ReferrerRules read(BufferedReader lines) throws IOException {
    Map<String, Source> sources = new HashMap<>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split(",", -1);
      if (fields.length != 3 || !MEDIA.contains(fields[0])) {
        throw new IllegalArgumentException(
            "Cannot read line "
                + number
                + " of the referrer list: \""
                + line
                + "\"; a line is medium,source,domains and a medium one of "
                + MEDIA.stream().sorted().toList());
      }
      Source source = new Source(fields[1], fields[0]);
      for (String domain : fields[2].split(" ")) {
        Source other = sources.putIfAbsent(domain, source);
        if (other != null) {
          throw new IllegalArgumentException(
              "Cannot read line "
                  + number
                  + " of the referrer list: "
                  + domain
                  + " already belongs to "
                  + other.name());
        }
      }
    }
    return new ReferrerRules(Map.copyOf(sources));
  }

  /** The source that an app's id stands for, or null. */
  Source ofApp(String id) {
    return sourceOfDomain.get("app:" + id);
  }

  /** The source that a host belongs to, or null. */
  Source ofHost(String host) {
    String suffix = Hosts.publicSuffix(host);
    for (String part = host; ; part = part.substring(part.indexOf('.') + 1)) {
      Source source = sourceOfDomain.get(part);
      if (source == null && !suffix.isEmpty() && part.endsWith('.' + suffix)) {
        source = sourceOfDomain.get(part.substring(0, part.length() - suffix.length() - 1) + ".*");
      }
      if (source != null || part.indexOf('.') < 0) {
        return source;
      }
    }
  }
}
