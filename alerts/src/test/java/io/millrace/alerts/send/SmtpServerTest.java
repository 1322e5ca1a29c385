package io.millrace.alerts.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpServerTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "smtp://mail.example.org, mail.example.org, 25, NONE, ''",
    "smtp+starttls://me@mail.example.org, mail.example.org, 587, STARTTLS, me",
    "smtps://me%40example.org@mail.example.org:4650, mail.example.org, 4650, TLS, me@example.org",
  })
  void isReadFromAUrl(
      String url, String host, int port, SmtpServer.Security security, String user) {
    SmtpServer server = SmtpServer.parse(url, "secret", "a@example.org");

    assertThat(server)
        .isEqualTo(new SmtpServer(host, port, security, user, "secret", "a@example.org"))
        .hasToString(host + ':' + port);
  }

  @ParameterizedTest
  @CsvSource({"mail.example.org", "http://mail.example.org", "smtp://", "smtp://host/path"})
  void saysWhatIsAllowed(String url) {
    assertThatThrownBy(() -> SmtpServer.parse(url, "", "a@example.org"))
        .hasMessage(
            "the mail server is \""
                + url
                + "\"; give smtps://user@host, smtp+starttls://user@host, or smtp://host");
  }

  @Test
  void takesNoPasswordThatOthersCouldRead() {
    assertThatThrownBy(() -> SmtpServer.parse("smtp://me:pw@host", "", "a@example.org"))
        .hasMessage("the mail server's URL has a password, which others could read; give it apart");
  }

  @Test
  void needsASender() {
    assertThatThrownBy(() -> SmtpServer.parse("smtp://host", "", "nobody"))
        .hasMessage(
            "the sender of mail is \"nobody\"; give an address such as millrace@example.org");
  }
}
