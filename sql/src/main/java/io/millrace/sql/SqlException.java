package io.millrace.sql;

/**
 * SQL that was refused, by Millrace or by the SQL gateway, or that failed, told in one sentence.
 */
public final class SqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  public SqlException(String sentence, String detail) {
    super(sentence);
    this.detail = detail;
  }

  /** The gateway's whole stack trace, or what was refused, for a log. */
  public String detail() {
    return detail;
  }
}
