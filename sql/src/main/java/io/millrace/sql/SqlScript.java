package io.millrace.sql;

import io.millrace.sql.SqlTokens.Kind;
import io.millrace.sql.SqlTokens.Token;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQL text as a person writes it: statements parted by {@code ;}, with parameters such as {@code
 * :tenant}.
 *
 * <p>A header line {@code -- parameter from: timestamp = now-30d} gives a parameter its type and
 * its default. A parameter without such a line has the type that its value looks like.
 */
public final class SqlScript {
  private static final Pattern NAME = Pattern.compile("(?<![:\\w]):([A-Za-z_]\\w*)");
  private static final Pattern STATEMENT_SET =
      Pattern.compile(
          "^\\s*EXECUTE\\s+STATEMENT\\s+SET\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  private static final Pattern ENDS_SET =
      Pattern.compile(".*\\bEND\\s*$", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private final List<String> statements;
  private final Map<String, SqlParameter> declared;

  private SqlScript(List<String> statements, Map<String, SqlParameter> declared) {
    this.statements = statements;
    this.declared = declared;
  }

  public static SqlScript parse(String text) {
    Map<String, SqlParameter> declared = new LinkedHashMap<>();
    for (Token token : SqlTokens.of(text)) {
      if (token.kind() == Kind.COMMENT) {
        SqlParameter.declaredBy(token.text()).ifPresent(p -> declared.put(p.name(), p));
      }
    }
    return new SqlScript(split(text), declared);
  }

  /** The parameters that the header names, in its order. */
  public List<SqlParameter> parameters() {
    return List.copyOf(declared.values());
  }

  /** The statements as they were written, without the closing {@code ;}. */
  public List<String> statements() {
    return statements;
  }

  /**
   * The statements with literals in place of their parameters.
   *
   * @param given what the person asked for; a name that no statement uses is refused
   * @param usual what holds where neither the person nor the header says anything
   */
  public List<String> bind(Map<String, String> given, Map<String, String> usual, Clock clock) {
    Map<String, String> used = new TreeMap<>();
    List<String> bound = new ArrayList<>();
    for (String statement : statements) {
      StringBuilder sql = new StringBuilder();
      for (Token token : SqlTokens.of(statement)) {
        sql.append(
            token.kind() == Kind.CODE
                ? NAME.matcher(token.text())
                    .replaceAll(
                        found ->
                            Matcher.quoteReplacement(
                                used.computeIfAbsent(
                                    found.group(1), name -> literal(name, given, usual, clock))))
                : token.text());
      }
      bound.add(sql.toString());
    }
    for (String name : given.keySet()) {
      if (!used.containsKey(name)) {
        throw new SqlException(
            "Unknown parameter %s: %s"
                .formatted(
                    name,
                    used.isEmpty()
                        ? "the SQL takes none"
                        : "the SQL takes " + String.join(", ", used.keySet())),
            name);
      }
    }
    return bound;
  }

  private String literal(
      String name, Map<String, String> given, Map<String, String> usual, Clock clock) {
    SqlParameter parameter = declared.get(name);
    String value = given.get(name);
    if (value == null && parameter != null) {
      value = parameter.defaultValue();
    }
    if (value == null) {
      value = usual.get(name);
    }
    if (value == null) {
      throw new SqlException(
          "Parameter %s has no value; give it with -p %s=…".formatted(name, name), name);
    }
    return parameter == null
        ? SqlParameter.guessedFrom(name, value).literal(value, clock)
        : parameter.literal(value, clock);
  }

  /** The first words of a statement in capitals, without comments: what kind it is. */
  static String opening(String statement) {
    StringBuilder code = new StringBuilder();
    for (Token token : SqlTokens.of(statement)) {
      code.append(token.kind() == Kind.COMMENT ? " " : token.text());
    }
    return code.toString().strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
  }

  private static List<String> split(String text) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    for (Token token : SqlTokens.of(text)) {
      if (token.kind() != Kind.CODE) {
        statement.append(token.text());
        continue;
      }
      String rest = token.text();
      int end = rest.indexOf(';');
      while (end >= 0) {
        statement.append(rest, 0, end);
        rest = rest.substring(end + 1);
        if (insideStatementSet(statement)) {
          statement.append(';');
        } else {
          take(statement, statements);
        }
        end = rest.indexOf(';');
      }
      statement.append(rest);
    }
    take(statement, statements);
    return List.copyOf(statements);
  }

  /** {@code EXECUTE STATEMENT SET BEGIN a; b; END} is one statement. */
  private static boolean insideStatementSet(StringBuilder statement) {
    String opening = opening(statement.toString());
    return STATEMENT_SET.matcher(opening).matches() && !ENDS_SET.matcher(opening).matches();
  }

  private static void take(StringBuilder statement, List<String> statements) {
    if (!opening(statement.toString()).isEmpty()) {
      statements.add(statement.toString().strip());
    }
    statement.setLength(0);
  }
}
