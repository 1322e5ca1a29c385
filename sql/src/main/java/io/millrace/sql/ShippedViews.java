package io.millrace.sql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The views that ship with Millrace: queries that a statement names like tables.
 *
 * <p>The gateway is not told of them, but gets them in a {@code WITH} of each statement that names
 * one. Flink 1.20.1 plans a temporary view with the parts that were made when it was created, by
 * another planner (FLINK-37222), and an Iceberg catalog that Flink can use keeps no views.
 */
public final class ShippedViews {
  /** Where a query begins; options of a table come after a WITH, too. */
  private static final Pattern QUERY =
      Pattern.compile("\\bSELECT\\b|\\bWITH\\b(?!\\s*\\()", Pattern.CASE_INSENSITIVE);

  private ShippedViews() {}

  /** The views' names, each after those that it reads. */
  public static List<String> names() throws IOException {
    return SqlResources.read("views/index").lines().toList();
  }

  /** The statement with the views that it names, and those that they name. */
  static String expand(String statement) throws IOException {
    Map<String, String> used = used(statement);
    if (used.isEmpty()) {
      return statement;
    }
    int at = 0;
    for (SqlTokens.Token token : SqlTokens.of(statement)) {
      Matcher query = QUERY.matcher(token.text());
      if (token.kind() == SqlTokens.Kind.CODE && query.find()) {
        return with(statement, at + query.start(), at + query.end(), used);
      }
      at += token.text().length();
    }
    return statement; // for example DESCRIBE, which the gateway refuses with the name
  }

  private static String with(String statement, int start, int end, Map<String, String> used) {
    List<String> views = new ArrayList<>();
    used.forEach((name, query) -> views.add(name + " AS (\n" + query + "\n)"));
    String all = "WITH " + String.join(",\n", views);
    if (statement.substring(start, end).equalsIgnoreCase("WITH")) {
      return statement.substring(0, start) + all + "," + statement.substring(end);
    }
    int before = start; // of (SELECT …) UNION ALL (SELECT …) the outermost parenthesis
    for (int at = start - 1; at >= 0 && "( \n\t\r".indexOf(statement.charAt(at)) >= 0; at--) {
      before = statement.charAt(at) == '(' ? at : before;
    }
    return statement.substring(0, before) + all + '\n' + statement.substring(before);
  }

  private static Map<String, String> used(String statement) throws IOException {
    List<String> names = names();
    Map<String, String> found = new LinkedHashMap<>();
    Set<String> words = words(statement);
    for (int i = names.size() - 1; i >= 0; i--) {
      if (words.contains(names.get(i))) {
        String query = SqlResources.read("views/" + names.get(i) + ".sql");
        found.put(names.get(i), query);
        words.addAll(words(query));
      }
    }
    Map<String, String> used = new LinkedHashMap<>();
    names.stream().filter(found::containsKey).forEach(name -> used.put(name, found.get(name)));
    return used;
  }

  /** The words of the code, and names in backticks. */
  private static Set<String> words(String sql) {
    Set<String> words = new HashSet<>();
    for (SqlTokens.Token token : SqlTokens.of(sql)) {
      boolean name = token.kind() == SqlTokens.Kind.QUOTED && token.text().startsWith("`");
      if (token.kind() == SqlTokens.Kind.CODE || name) {
        words.addAll(List.of(token.text().split("\\W+")));
      }
    }
    return words;
  }
}
