package io.millrace.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A question that ships with Millrace.
 *
 * @param name the name of its file without {@code .sql}
 * @param question the file's opening line
 * @param text the whole file
 */
public record ShippedQuery(String name, String question, String text) {
  /** Every question for people, in the order of the index. */
  public static List<ShippedQuery> questions() throws IOException {
    return all("queries");
  }

  /** Every check of {@code audit}; each gives the rows that break a rule. */
  public static List<ShippedQuery> audits() throws IOException {
    return all("audit");
  }

  /** The question or check of this name. */
  public static ShippedQuery named(String name) throws IOException {
    List<ShippedQuery> all = new ArrayList<>(questions());
    all.addAll(audits());
    return all.stream()
        .filter(query -> query.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SqlException(
                    "Unknown query %s: there are %s"
                        .formatted(
                            name, String.join(", ", all.stream().map(q -> q.name()).toList())),
                    name));
  }

  public SqlScript script() {
    return SqlScript.parse(text);
  }

  /** Classes in a jar cannot list a folder, hence the file {@code index} in each. */
  private static List<ShippedQuery> all(String folder) throws IOException {
    List<ShippedQuery> queries = new ArrayList<>();
    for (String name : SqlResources.read(folder + "/index").lines().toList()) {
      String text = SqlResources.read(folder + "/" + name + ".sql");
      queries.add(new ShippedQuery(name, opening(text), text));
    }
    return queries;
  }

  private static String opening(String text) throws IOException {
    return new BufferedReader(new StringReader(text)).readLine().replaceFirst("^--\\s*", "");
  }
}
