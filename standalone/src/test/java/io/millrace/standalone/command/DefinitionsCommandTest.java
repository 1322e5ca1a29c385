package io.millrace.standalone.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DefinitionsCommandTest {
  private static final String GOOD =
      """
      goals:
        order: {when: {event: purchase}, value: revenue}
      funnels:
        checkout:
          per: session
          within: 1 h
          steps:
            - {name: look, when: {event: product_view}}
            - {name: buy, when: {event: purchase}}
      """;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void saysWhatAFileDefines() throws IOException {
    Path file = write("shop.yaml", GOOD);

    assertThat(run("check", file.toString())).as(err::toString).isZero();

    assertThat(out.toString())
        .matches(
            "ok     .*shop.yaml: goals \\[order\\], funnels \\[checkout\\], version [0-9a-f]{12}\\R");
  }

  @Test
  void checksTheFilesOfTheDataFolderWhenNoneIsNamed() throws IOException {
    write("config/definitions/acme.yaml", GOOD);
    write("config/definitions/shop.yaml", "goals:\n  order: {when: {event: purchase}, worth: 3}\n");

    assertThat(run("check", "--data", folder.toString())).isEqualTo(6);

    assertThat(out.toString())
        .contains("ok     ", "acme.yaml: goals [order]", "WRONG  ")
        .contains("shop.yaml, line 2: goals.order.worth is not known; when, value are allowed");
  }

  @Test
  void saysWhenThereIsNothingToCheck() throws IOException {
    assertThat(run("check", "--data", folder.toString())).isZero();

    assertThat(out.toString())
        .startsWith("There are no files in " + folder.resolve("config/definitions"));
  }

  @Test
  void namesAFileThatIsNotThere() throws IOException {
    assertThat(run("check", folder.resolve("no.yaml").toString())).isEqualTo(6);

    assertThat(out.toString()).contains("WRONG", "no.yaml: there is no such file");
  }

  @Test
  void saysItToAProgramInJson() throws IOException {
    Path file = write("shop.yaml", "goals: 3\n");

    assertThat(run("check", "--output", "json", file.toString())).isEqualTo(6);

    JsonNode checked = new ObjectMapper().readTree(out.toString());
    assertThat(checked.at("/0/file").asText()).isEqualTo(file.toString());
    assertThat(checked.at("/0/version").isNull()).isTrue();
    assertThat(checked.at("/0/problems/0").asText())
        .isEqualTo("shop.yaml, line 1: goals is 3; an object is allowed");
  }

  @Test
  void printsTheSchemaForEditors() throws IOException {
    assertThat(run("schema")).isZero();

    assertThat(new ObjectMapper().readTree(out.toString()).at("/properties/goals").isObject())
        .isTrue();
  }

  @Test
  void asksForACommand() {
    assertThat(run()).isEqualTo(2);

    assertThat(err.toString())
        .startsWith("millrace: no command is given; give one of [check, schema]");
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
    return line.execute(CommandLinesTest.after("definitions", words));
  }
}
