package io.millrace.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeysTest {
  @TempDir Path config;

  @Test
  void aNewTenantGetsTwoKeysOf256Bits() throws Exception {
    LocalKeys keys = LocalKeys.createMissing(config, List.of("acme"));

    assertThat(keys.of("acme").live())
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(keys.of("acme").historical());
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
  void keysStayWhenTheyAreThereUntilTheirTenantIsForgotten() throws Exception {
    LocalKeys first = LocalKeys.createMissing(config, List.of("acme"));

    LocalKeys second = LocalKeys.createMissing(config, List.of("acme", "other"));

    assertThat(second.of("acme")).isEqualTo(first.of("acme"));
    assertThat(LocalKeys.read(config).of("acme")).isEqualTo(first.of("acme"));
    assertThat(second.tenants()).containsExactly("acme", "other");
    LocalKeys.forget(config, "acme");
    LocalKeys.forget(config, "nobody");
    assertThat(LocalKeys.read(config).tenants()).containsExactly("other");
  }

  @Test
  void aTenantThatNobodyKnowsAndANameThatIsNoneAreRefusedInWords() throws Exception {
    LocalKeys keys = LocalKeys.createMissing(config, List.of("acme"));

    assertThatThrownBy(() -> keys.of("acne"))
        .hasMessage(
            "There is no write key for tenant 'acne'; known are [acme], and \"millrace tenant"
                + " create acne\" makes one");
    assertThatThrownBy(() -> LocalKeys.createMissing(config, List.of("A|B")))
        .hasMessage(
            "Cannot make a write key: the tenant is \"A|B\"; give 1 to 63 of a-z, 0-9, _ and -,"
                + " starting with a letter or digit");
  }
}
