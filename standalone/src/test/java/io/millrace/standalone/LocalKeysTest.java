package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeysTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path config;

  @Test
  void aNewTenantGetsTwoKeysOf256BitsAndTheGatewayOnlyTheirHashes() throws Exception {
    LocalKeys keys = LocalKeys.createMissing(config, List.of("acme"));

    String live = keys.of("acme").live();
    String historical = keys.of("acme").historical();
    assertThat(live).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(historical);
    JsonNode hashes = JSON.readTree(LocalKeys.hashesFile(config).toFile()).get("keys");
    assertThat(hashes).hasSize(2);
    assertThat(hashes.get(0).toString())
        .isEqualTo(
            "{\"tenant\":\"acme\",\"name\":\"local-live\",\"sha256\":\""
                + LocalKeys.sha256(live)
                + "\",\"historical\":false,\"serverSide\":false}");
    assertThat(hashes.get(1).get("historical").asBoolean()).isTrue();
    assertThat(hashes.get(1).get("serverSide").asBoolean()).isTrue();
    assertThat(Files.readString(LocalKeys.hashesFile(config))).doesNotContain(live, historical);
  }

  @Test
  void onlyTheOwnerCanReadTheKeys() throws Exception {
    LocalKeys.createMissing(config, List.of("acme"));

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(LocalKeys.secretsFile(config))))
        .isEqualTo("rw-------");
  }

  @Test
  void keysStayWhenTheyAreThereAndKeysThatAUserAddedStayToo() throws Exception {
    LocalKeys first = LocalKeys.createMissing(config, List.of("acme"));
    Path file = LocalKeys.hashesFile(config);
    String own =
        "{\"tenant\":\"acme\",\"name\":\"web\",\"sha256\":\"00\",\"historical\":false,"
            + "\"serverSide\":false}";
    Files.writeString(file, Files.readString(file).replaceFirst("\\[", "[" + own + ","));

    LocalKeys second = LocalKeys.createMissing(config, List.of("acme", "other"));

    assertThat(second.of("acme")).isEqualTo(first.of("acme"));
    assertThat(LocalKeys.read(config).of("acme")).isEqualTo(first.of("acme"));
    assertThat(second.tenants()).containsExactly("acme", "other");
    assertThat(JSON.readTree(file.toFile()).get("keys")).hasSize(5);
    assertThat(JSON.readTree(file.toFile()).get("keys").get(0).get("name").asText())
        .isEqualTo("web");
  }

  @Test
  void aKillBetweenTheKeysAndTheirHashesIsMendedByTheNextStart() throws Exception {
    LocalKeys.createMissing(config, List.of("acme"));
    String before = Files.readString(LocalKeys.hashesFile(config));
    Files.delete(LocalKeys.hashesFile(config));

    LocalKeys.createMissing(config, List.of("acme"));

    assertThat(Files.readString(LocalKeys.hashesFile(config))).isEqualTo(before);
  }

  @Test
  void aTenantThatNobodyKnowsAndANameThatIsNoneAreRefusedInWords() throws Exception {
    LocalKeys keys = LocalKeys.createMissing(config, List.of("acme"));

    assertThatThrownBy(() -> keys.of("acne"))
        .hasMessage(
            "There is no write key for tenant 'acne'; known are [acme], and \"millrace up --tenant"
                + " acne\" makes one");
    assertThatThrownBy(() -> LocalKeys.createMissing(config, List.of("A|B")))
        .hasMessage(
            "Cannot make a write key: the tenant's name is 'A|B'; give 1 to 64 lower-case letters,"
                + " digits, - or _");
  }
}
