package io.millrace.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class AlertsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> received = new CopyOnWriteArrayList<>();

  @TempDir Path folder;
  private HttpServer receiver;
  private volatile int status = 200;

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          received.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.stop(0);
  }

  @Test
  void saysWhatAFileHas() throws IOException {
    Path file = write("shop.yaml", rules());

    assertThat(run("check", file.toString())).as(err::toString).isZero();

    assertThat(out.toString())
        .isEqualToNormalizingNewlines("ok     " + file + ": rules [late], channels [ops, mail]\n");
  }

  @Test
  void checksTheFilesOfTheDataFolderWhenNoneIsNamed() throws IOException {
    write("config/alerts/acme.yaml", rules());
    Path wrong =
        write(
            "config/alerts/shop.yaml",
            "rules:\n  late:\n    freshness: {behind: 9}\n    to: [x]\n");

    assertThat(run("check", "--data", folder.toString())).isEqualTo(6);

    assertThat(out.toString())
        .contains("ok     ", "acme.yaml: rules [late]")
        .containsIgnoringNewLines(
            "WRONG  "
                + wrong
                + "       shop.yaml, line 3: rules.late.freshness.behind is 9; a text is allowed");
  }

  @Test
  void saysWhenThereIsNothingToCheckAndNamesAFileThatIsNotThere() throws IOException {
    assertThat(run("check", "--data", folder.toString())).isZero();
    assertThat(run("check", folder.resolve("no.yaml").toString())).isEqualTo(6);

    assertThat(out.toString())
        .startsWith("There are no files in " + folder.resolve("config/alerts"))
        .contains("no.yaml: there is no such file");
  }

  @Test
  void saysItToAProgramInJson() throws IOException {
    Path file = write("shop.yaml", "rules: 3\n");

    assertThat(run("check", "--output", "json", file.toString())).isEqualTo(6);

    JsonNode checked = new ObjectMapper().readTree(out.toString());
    assertThat(checked.at("/0/file").asText()).isEqualTo(file.toString());
    assertThat(checked.at("/0/problems/0").asText())
        .isEqualTo("shop.yaml, line 1: rules is 3; an object is allowed");
  }

  @Test
  void printsTheSchemaForEditors() throws IOException {
    assertThat(run("schema")).isZero();

    assertThat(new ObjectMapper().readTree(out.toString()).at("/properties/rules").isObject())
        .isTrue();
  }

  @Test
  void sendsATestToAChannel() throws IOException {
    write("config/alerts/acme.yaml", rules());

    assertThat(test("ops")).as(err::toString).isZero();

    assertThat(out.toString())
        .matches("sent   ops \\(slack at 127.0.0.1\\): [0-9a-f]{32}-firing\\R");
    assertThat(received)
        .singleElement()
        .isEqualTo(
            "{\"text\":\"*[test] channel ops works*\\n"
                + "This is a test. Nothing is wrong, and nothing has to be done.\"}");
  }

  @Test
  void saysWithCode1WhyATestDidNotArrive() throws IOException {
    write("config/alerts/acme.yaml", rules());
    status = 404;

    assertThat(test("ops")).isEqualTo(1);
    assertThat(test("mail")).isEqualTo(1);

    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            "FAILED ops (slack at 127.0.0.1): 127.0.0.1 answered 404\n"
                + "FAILED mail (email): no mail server is given; give one with --smtp, or another"
                + " kind of channel\n");
  }

  @Test
  void tellsAProgramInJsonWhatCameOfATest() throws IOException {
    write("config/alerts/acme.yaml", rules());
    status = 500;

    assertThat(test("ops", "--output", "json")).isEqualTo(1);

    JsonNode tried = new ObjectMapper().readTree(out.toString());
    assertThat(tried.get("channel").asText()).isEqualTo("ops");
    assertThat(tried.get("sent").asBoolean()).isFalse();
    assertThat(tried.get("reason").asText()).isEqualTo("127.0.0.1 answered 500");
  }

  @Test
  void refusesWithCode6WhatItCannotTest() throws IOException {
    Path file = write("config/alerts/acme.yaml", rules());

    assertThat(test("chat")).isEqualTo(6);
    assertThat(run("test", "ops", "--tenant", "shop", "--data", folder.toString())).isEqualTo(6);
    assertThat(test("mail", "--smtp", "mail.example.org")).isEqualTo(6);

    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "millrace: there is no channel \"chat\" in "
                + file
                + "; it has [ops, mail]\n"
                + "millrace: there is no file "
                + folder.resolve("config/alerts/shop.yaml")
                + "; give another tenant, or the file by --file\n"
                + "millrace: the mail server is \"mail.example.org\"; give smtps://user@host,"
                + " smtp+starttls://user@host, or smtp://host\n");
  }

  @Test
  void needsATenantAndAChannel() {
    assertThat(run("test")).isEqualTo(2);

    assertThat(err.toString()).contains("Missing required", "--tenant=TENANT", "CHANNEL");
  }

  @Test
  void asksForACommand() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString())
        .startsWith(
            "millrace: no command is given; give one of [check, schema, test, list, acknowledge]");
  }

  @Test
  void hasHelp() {
    assertThat(run("test", "--help")).isZero();

    assertThat(out.toString())
        .contains("Send a test to a channel", "--smtp=URL", "$MILLRACE_SMTP_PASSWORD");
  }

  @ParameterizedTest
  @CsvSource({"list, List messages of alerts", "acknowledge, Say that somebody has seen an alert"})
  void theCommandsOfARunningPlatformHaveHelpAndSayThatNoneRuns(String command, String header) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains(header, "--tenant=TENANT", "--output");
    assertThat(run(command)).isEqualTo(2);

    String[] words =
        command.equals("list")
            ? new String[] {command, "--tenant", "acme", "--data", folder.toString()}
            : new String[] {command, "1", "--tenant", "acme", "--data", folder.toString()};
    assertThat(run(words)).isEqualTo(3);
    assertThat(err.toString()).contains("Millrace is not running on " + folder);
  }

  private String rules() {
    return "channels:\n  ops: {kind: slack, url: 'http://127.0.0.1:"
        + receiver.getAddress().getPort()
        + "/hook', allow: [http, private-addresses]}\n"
        + "  mail: {kind: email, to: [ops@example.org]}\n"
        + "rules:\n  late: {freshness: {behind: 10 min}, to: [ops]}\n";
  }

  private int test(String channel, String... more) {
    List<String> words =
        new ArrayList<>(List.of("test", channel, "--tenant", "acme", "--data", folder.toString()));
    words.addAll(List.of(more));
    return run(words.toArray(String[]::new));
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, text.getBytes(UTF_8));
  }

  private int run(String... words) {
    CommandLine line = CommandLines.create();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(CommandLinesTest.after("alerts", words));
  }
}
