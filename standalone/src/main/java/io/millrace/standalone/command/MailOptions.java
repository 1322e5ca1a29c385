package io.millrace.standalone.command;

import io.millrace.alerts.send.SmtpServer;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that name the server which takes the mail of alerts. */
final class MailOptions {
  @Option(
      names = "--smtp",
      paramLabel = "URL",
      description =
          "The server that takes the mail of alerts: smtps://user@host, smtp+starttls://user@host,"
              + " or smtp://host.")
  private String smtp;

  @Option(
      names = "--smtp-password",
      paramLabel = "PASSWORD",
      defaultValue = "${env:MILLRACE_SMTP_PASSWORD:-}",
      description = "Its password; better given as $$MILLRACE_SMTP_PASSWORD.")
  private String smtpPassword = "";

  @Option(
      names = "--mail-from",
      paramLabel = "ADDRESS",
      defaultValue = "millrace@localhost",
      description = "The sender of mail (default: ${DEFAULT-VALUE}).")
  private String mailFrom = "millrace@localhost";

  /**
   * The server, where one is given.
   *
   * @throws IllegalArgumentException if it is none, saying what is allowed
   */
  Optional<SmtpServer> server() {
    return Optional.ofNullable(smtp).map(url -> SmtpServer.parse(url, smtpPassword, mailFrom));
  }
}
