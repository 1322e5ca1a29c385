package io.millrace.domain.definitions;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which page paths are meant. Matching takes time in proportion to the path, whatever the pattern.
 */
final class PagePattern {
  private final Pattern pattern;

  private PagePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Paths that are like one of these as a whole; {@code *} stands for any text. */
  static PagePattern like(List<String> globs) {
    String either =
        globs.stream().map(PagePattern::regex).collect(Collectors.joining("|", "(?s)^(?:", ")$"));
    return new PagePattern(Pattern.compile(either));
  }

  /**
   * Paths in which the regular expression is found.
   *
   * @throws com.google.re2j.PatternSyntaxException if it is none
   */
  static PagePattern found(String regex) {
    return new PagePattern(Pattern.compile(regex));
  }

  boolean matches(String path) {
    return path != null && pattern.matcher(path).find();
  }

  private static String regex(String glob) {
    return List.of(glob.split("\\*", -1)).stream()
        .map(Pattern::quote)
        .collect(Collectors.joining(".*"));
  }
}
