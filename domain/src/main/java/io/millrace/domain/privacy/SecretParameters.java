package io.millrace.domain.privacy;

import io.millrace.domain.url.QueryString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Knows which URL parameters hold secrets: {@code secret-parameters.txt} beside this class. */
final class SecretParameters {
  private static final String RESOURCE = "secret-parameters.txt";
  private static final String BESIDE = " beside ";

  /** What most parameters are called; they need no closer look. */
  private static final Set<String> HARMLESS =
      Set.of(
          "utm_source",
          "utm_medium",
          "utm_campaign",
          "utm_term",
          "utm_content",
          "gclid",
          "fbclid",
          "page",
          "q");

  private static final int MAX_NAME_LENGTH = 64;
  private static final SecretParameters SHARED = new SecretParameters(load());

  private final Set<String> names = new HashSet<>();
  private final List<String> endings = new ArrayList<>();
  private final Map<String, String> companions = new HashMap<>();

  private SecretParameters(List<String> lines) {
    for (String line : lines) {
      int beside = line.indexOf(BESIDE);
      if (beside >= 0) {
        companions.put(line.substring(0, beside), line.substring(beside + BESIDE.length()));
      } else if (line.startsWith("*")) {
        endings.add(line.substring(1));
      } else {
        names.add(line);
      }
    }
  }

  static SecretParameters shared() {
    return SHARED;
  }

  private static List<String> load() {
    try (InputStream in = SecretParameters.class.getResourceAsStream(RESOURCE);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + RESOURCE, e);
    }
  }

  /**
   * Whether the parameter's value is a secret.
   *
   * @param rawName as it stands in the URL
   * @param url the whole of it, for names that are secret only beside another
   */
  boolean holds(String rawName, String url) {
    if (rawName.isEmpty() || rawName.length() > MAX_NAME_LENGTH || HARMLESS.contains(rawName)) {
      return false;
    }
    String name = innermost(QueryString.decode(rawName).toLowerCase(Locale.ROOT).strip());
    if (names.contains(name)) {
      return true;
    }
    for (String ending : endings) {
      if (name.endsWith(ending)) {
        return true;
      }
    }
    String companion = companions.get(name);
    return companion != null && has(url, companion);
  }

  /** Forms send nested names: {@code user[password]}. */
  private static String innermost(String name) {
    int open = name.lastIndexOf('[');
    return name.endsWith("]") && open >= 0 && open < name.length() - 2
        ? name.substring(open + 1, name.length() - 1)
        : name;
  }

  private static boolean has(String url, String name) {
    int at = url.indexOf(name + '=');
    while (at > 0) {
      if ("?&#;".indexOf(url.charAt(at - 1)) >= 0) {
        return true;
      }
      at = url.indexOf(name + '=', at + 1);
    }
    return false;
  }
}
