package io.millrace.alerts.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.icegreen.greenmail.util.ServerSetupTest;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.millrace.alerts.TestAlerts;
import io.millrace.alerts.TestReceiver;
import io.millrace.domain.alert.Alert;
import io.millrace.domain.alert.ChannelSpec;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendersITCase {
  private static final String SECRET = "0123456789abcdef";
  private static final String ANYWHERE = ", allow: [http, private-addresses]}";
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_772_000_000), ZoneOffset.UTC);

  private final TestReceiver receiver = TestReceiver.start();

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void signsWhatItPostsToAWebhook() throws Exception {
    Alert alert = TestAlerts.firing();

    send(webhook(receiver.url() + "/in?x=1"), alert);

    TestReceiver.Call call = receiver.calls().get(0);
    JsonNode body = new ObjectMapper().readTree(call.body());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
    mac.update("1772000000.".getBytes(UTF_8));
    assertThat(call.path()).isEqualTo("/in?x=1");
    assertThat(call.header("Content-Type")).startsWith("application/json");
    assertThat(call.header("Millrace-Message-Id")).isEqualTo(alert.messageId());
    assertThat(call.header("Millrace-Timestamp")).isEqualTo("1772000000");
    assertThat(call.header("Millrace-Signature"))
        .isEqualTo("v1=" + HexFormat.of().formatHex(mac.doFinal(call.body())));
    assertThat(body.get("id").asText()).isEqualTo(alert.id());
    assertThat(body.get("kind").asText()).isEqualTo("firing");
    assertThat(body.get("windowStart").asText()).isEqualTo("2026-03-02T12:00:00Z");
    assertThat(body.at("/series/0/value").asText()).isEqualTo("/checkout");
    assertThat(body.at("/series/0/actual").asDouble()).isEqualTo(250);
    assertThat(body.at("/series/0/lower").isNull()).isTrue();
  }

  @Test
  void writesToSlackWhatSlackCannotMistakeForItsMarks() throws Exception {
    send("{kind: slack, url: '" + receiver.url() + "/s'" + ANYWHERE, TestAlerts.firing("/<!here>"));

    JsonNode body = new ObjectMapper().readTree(receiver.calls().get(0).body());
    assertThat(body.get("text").asText())
        .isEqualTo(
            """
            *[warning] errors: errors of page /&lt;!here&gt;*
            Something is not as it should be:
            - errors of page /&lt;!here&gt; is 250, above 100\
            """);
    assertThat(body.size()).isEqualTo(1);
  }

  @Test
  void postsToAnAlertmanagerInItsShapeAndEndsWhatIsOver() throws Exception {
    String channel = "{kind: alertmanager, url: '" + receiver.url() + "/am/'" + ANYWHERE;

    send(channel, TestAlerts.firing());
    send(channel, TestAlerts.recovered());

    JsonNode firing = new ObjectMapper().readTree(receiver.calls().get(0).body());
    JsonNode over = new ObjectMapper().readTree(receiver.calls().get(1).body());
    assertThat(receiver.calls().get(0).path()).isEqualTo("/am/api/v2/alerts");
    assertThat(firing.isArray()).isTrue();
    assertThat(firing.at("/0/labels/alertname").asText()).isEqualTo("errors");
    assertThat(firing.at("/0/labels/tenant").asText()).isEqualTo("acme");
    assertThat(firing.at("/0/startsAt").asText()).isEqualTo("2026-03-02T12:00:00Z");
    assertThat(firing.at("/0/endsAt").asText()).isEqualTo("2026-03-09T12:15:00Z");
    assertThat(over.at("/0/labels")).isEqualTo(firing.at("/0/labels"));
    assertThat(over.at("/0/endsAt").asText()).isEqualTo("2026-03-02T12:30:00Z");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "http://127.0.0.1:PORT/, 127.0.0.1, 127.0.0.1",
    "http://localhost:PORT/, localhost, 127.0.0.1",
    "http://2130706433:PORT/, 2130706433, 127.0.0.1",
    "http://[::ffff:127.0.0.1]:PORT/, ::ffff:127.0.0.1, 127.0.0.1",
    "http://metadata.example.org/, metadata.example.org, 169.254.169.254",
  })
  void reachesNothingPrivateUnlessTheChannelAllowsIt(String url, String host, String address) {
    String channel =
        "{kind: slack, url: '"
            + url.replace("PORT", Integer.toString(receiver.port()))
            + "', allow: [http]}";
    Resolver resolver =
        name ->
            List.of(
                InetAddress.getByName(
                    name.equals("metadata.example.org") ? "169.254.169.254" : ipv4(name)));

    assertThatThrownBy(() -> send(channel, TestAlerts.firing(), resolver))
        .isInstanceOf(SendFailedException.class)
        .hasMessage(
            host
                + " has the address "
                + address
                + ", which is not on the public internet; for others give allow:"
                + " [private-addresses]");

    assertThat(receiver.calls()).isEmpty();
  }

  private static String ipv4(String name) {
    return name.equals("localhost") ? "127.0.0.1" : name;
  }

  @Test
  void asksForTheAddressOnceAndConnectsToJustThat() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    // As a name server that means harm would: another address for each question.
    Resolver rebinding =
        name ->
            List.of(
                InetAddress.getByName(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.9.9.9"));
    String url = "http://hooks.example.org:" + receiver.port() + "/";

    send("{kind: slack, url: '" + url + "'" + ANYWHERE, TestAlerts.firing(), rebinding);

    assertThat(asked).hasValue(1);
    assertThat(receiver.calls().get(0).header("Host"))
        .isEqualTo("hooks.example.org:" + receiver.port());
  }

  @Test
  void saysThatAHostHasNoAddress() {
    Resolver empty =
        name -> {
          throw new UnknownHostException(name);
        };

    assertThatThrownBy(
            () ->
                send(
                    "{kind: slack, url: 'https://hooks.example.org/'}", TestAlerts.firing(), empty))
        .hasMessage("hooks.example.org has no address");
  }

  @Test
  void sendsNothingInTheClearWhereTheChannelDoesNotAllowIt() throws Exception {
    var channel = new ChannelSpec.Slack("ops", URI.create(receiver.url()), false, true);

    try (Senders senders = new Senders(null, CLOCK)) {
      assertThatThrownBy(() -> senders.send(channel, TestAlerts.firing()))
          .hasMessage("its URL is plain http; https is allowed");
    }

    assertThat(receiver.calls()).isEmpty();
  }

  @Test
  void trustsNoCertificateThatNobodyHasSigned(@TempDir Path folder) throws Exception {
    HttpsServer server = selfSigned(folder);
    AtomicInteger calls = new AtomicInteger();
    server.createContext("/", exchange -> calls.incrementAndGet());
    server.start();
    try {
      String url = "https://localhost:" + server.getAddress().getPort() + "/";

      assertThatThrownBy(
              () ->
                  send(
                      "{kind: slack, url: '" + url + "', allow: [private-addresses]}",
                      TestAlerts.firing()))
          .hasMessageStartingWith("localhost cannot be reached: SunCertPathBuilderException");

      assertThat(calls).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  private static HttpsServer selfSigned(Path folder) throws Exception {
    Path store = folder.resolve("store");
    char[] password = "password".toCharArray();
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storepass",
                "password",
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  @Test
  void followsNoRedirect() {
    try (TestReceiver other = TestReceiver.start()) {
      receiver.answer(307, Map.of("Location", other.url() + "/"), new byte[0]);

      assertThatThrownBy(() -> send(webhook(receiver.url()), TestAlerts.firing()))
          .hasMessage(
              "127.0.0.1 answered 307; redirects are not followed, so give the URL they lead to");

      assertThat(other.calls()).isEmpty();
    }
  }

  @Test
  void saysWhatTheReceiverAnsweredAndHowLongItAsksToWait() {
    receiver.answer(429, Map.of("Retry-After", "30"), "slow down\n".getBytes(UTF_8));

    assertThatThrownBy(() -> send(webhook(receiver.url()), TestAlerts.firing()))
        .isInstanceOfSatisfying(
            SendFailedException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(30)))
        .hasMessage("127.0.0.1 answered 429: slow down");
  }

  @Test
  void waitsForNoAnswerForEver() {
    receiver.fallSilent();

    assertThatThrownBy(() -> send(webhook(receiver.url()), TestAlerts.firing()))
        .hasMessageStartingWith("127.0.0.1 cannot be reached: ResponseTimeoutException");
  }

  @Test
  void readsNoAnswerWithoutEnd() {
    receiver.answer(200, Map.of(), new byte[1 << 20]);

    assertThatThrownBy(() -> send(webhook(receiver.url()), TestAlerts.firing()))
        .hasMessageStartingWith("127.0.0.1 cannot be reached: ContentTooLargeException");
  }

  @Test
  void saysThatNobodyListens() {
    receiver.close();

    assertThatThrownBy(() -> send(webhook(receiver.url()), TestAlerts.firing()))
        .hasMessageStartingWith("127.0.0.1 cannot be reached: ")
        .hasMessageContaining("Connection refused");
  }

  @Test
  void sendsMailAsOneThreadAndKeepsAStrangersTextOutOfTheHeaders() throws Exception {
    GreenMail server = new GreenMail(ServerSetupTest.SMTP.dynamicPort());
    server.start();
    try {
      SmtpServer smtp = smtp(server.getSmtp().getPort());
      String channel = "{kind: email, to: [ops@example.org, boss@example.org]}";

      try (Senders senders = new Senders(smtp, CLOCK)) {
        senders.send(TestAlerts.channel(channel), TestAlerts.firing("/a\r\nBcc: x@example.org"));
        senders.send(TestAlerts.channel(channel), TestAlerts.recovered());
      }

      MimeMessage mail = server.getReceivedMessages()[0];
      assertThat(server.getReceivedMessages()).hasSize(4); // one each
      assertThat(mail.getHeader("Bcc")).isNull();
      assertThat(mail.getSubject())
          .startsWith("[warning] errors: errors of page /a")
          .endsWith("(acme)");
      assertThat(mail.getHeader("Message-ID", null))
          .matches("<[0-9a-f]{32}-firing@alerts\\.millrace>");
      assertThat(mail.getHeader("To", null)).isEqualTo("ops@example.org, boss@example.org");
      assertThat(mail.getHeader("From", null)).isEqualTo("millrace@example.org");
      assertThat(mail.getContent().toString()).startsWith("Something is not as it should be:");
      List<String> subjects = new ArrayList<>();
      for (MimeMessage one : server.getReceivedMessages()) {
        subjects.add(one.getSubject());
      }
      assertThat(subjects)
          .filteredOn(subject -> subject.startsWith("[recovered] errors: errors of page /checkout"))
          .hasSize(2);
    } finally {
      server.stop();
    }
  }

  @Test
  void saysThatTheMailServerDidNotTakeIt() {
    GreenMail server = new GreenMail(new ServerSetup[] {ServerSetupTest.SMTP.dynamicPort()});
    server.start();
    SmtpServer smtp = smtp(server.getSmtp().getPort());
    server.stop();

    assertThatThrownBy(
            () -> {
              try (Senders senders = new Senders(smtp, CLOCK)) {
                senders.send(
                    TestAlerts.channel("{kind: email, to: [ops@example.org]}"),
                    TestAlerts.firing());
              }
            })
        .isInstanceOf(SendFailedException.class)
        .hasMessageStartingWith("the mail server " + smtp + " did not take it: ")
        .hasMessageNotContaining("a password");
  }

  @Test
  void saysThatThereIsNoMailServer() {
    assertThatThrownBy(() -> send("{kind: email, to: [ops@example.org]}", TestAlerts.firing()))
        .hasMessage("no mail server is given; give one with --smtp, or another kind of channel");
  }

  private static SmtpServer smtp(int port) {
    return new SmtpServer(
        "127.0.0.1", port, SmtpServer.Security.NONE, "", "a password", "millrace@example.org");
  }

  private static String webhook(String url) {
    return "{kind: webhook, secret: " + SECRET + ", url: '" + url + "'" + ANYWHERE;
  }

  private static void send(String channel, Alert alert) throws SendFailedException {
    send(channel, alert, Resolver.OF_THE_MACHINE);
  }

  private static void send(String channel, Alert alert, Resolver resolver)
      throws SendFailedException {
    try (Senders senders = new Senders(null, CLOCK, resolver, Duration.ofSeconds(2))) {
      senders.send(TestAlerts.channel(channel), alert);
    }
  }
}
