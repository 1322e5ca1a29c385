package io.millrace.alerts.send;

import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.ChannelSpec;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;

/** Sends alerts as plain text mail, the messages of one alert as one thread. */
final class Mailer {
  private static final String DOMAIN = "@alerts.millrace";

  private final SmtpServer server;
  private final Session session;

  Mailer(SmtpServer server, Duration timeout) {
    this.server = server;
    this.session = session(server, timeout);
  }

  private static Session session(SmtpServer server, Duration timeout) {
    Properties properties = new Properties();
    String millis = Long.toString(timeout.toMillis());
    properties.put("mail.transport.protocol", "smtp");
    properties.put("mail.smtp.host", server.host());
    properties.put("mail.smtp.port", Integer.toString(server.port()));
    properties.put("mail.smtp.connectiontimeout", millis);
    properties.put("mail.smtp.timeout", millis);
    properties.put("mail.smtp.writetimeout", millis);
    boolean startTls = server.security() == SmtpServer.Security.STARTTLS;
    properties.put("mail.smtp.starttls.enable", Boolean.toString(startTls));
    properties.put("mail.smtp.starttls.required", Boolean.toString(startTls));
    boolean tls = server.security() == SmtpServer.Security.TLS;
    properties.put("mail.smtp.ssl.enable", Boolean.toString(tls));
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    if (server.user().isEmpty()) {
      return Session.getInstance(properties);
    }
    properties.put("mail.smtp.auth", "true");
    return Session.getInstance(
        properties,
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(server.user(), server.password());
          }
        });
  }

  void send(ChannelSpec.Email channel, Alert alert) throws SendFailedException {
    try {
      Transport.send(message(channel, alert));
    } catch (MessagingException e) {
      throw new SendFailedException(
          "the mail server " + server + " did not take it: " + e.getMessage().strip());
    }
  }

  private MimeMessage message(ChannelSpec.Email channel, Alert alert) throws MessagingException {
    String id = '<' + alert.messageId() + DOMAIN + '>';
    MimeMessage message =
        new MimeMessage(session) {
          @Override
          protected void updateMessageID() throws MessagingException {
            // A resent mail has the same id, so that mailboxes can tell.
            setHeader("Message-ID", id);
          }
        };
    message.setFrom(new InternetAddress(server.from()));
    for (String to : channel.to()) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
    }
    message.setSubject(alert.title() + " (" + alert.tenant() + ')', StandardCharsets.UTF_8.name());
    message.setHeader("References", '<' + alert.id() + DOMAIN + '>');
    message.setHeader("Auto-Submitted", "auto-generated");
    message.setSentDate(new Date(alert.atMillis()));
    message.setText(alert.text(), StandardCharsets.UTF_8.name());
    return message;
  }
}
