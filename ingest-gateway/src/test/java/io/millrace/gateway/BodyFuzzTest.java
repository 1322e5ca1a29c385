package io.millrace.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Utf8;
import io.millrace.domain.event.EventReader;
import io.millrace.domain.privacy.EventRedactor;
import io.millrace.domain.privacy.PrivacyPolicy;
import java.io.IOException;

/** Whatever a body holds, it is read or refused; what is kept of it is JSON without an address. */
class BodyFuzzTest {
  private static final ObjectMapper JSON = new ObjectMapper(EventReader.newFactory());
  private static final EventRedactor REDACTOR = new EventRedactor(PrivacyPolicy.DEFAULTS);

  private final EventReader reader = new EventReader();

  @FuzzTest(maxDuration = "2m")
  void readsOrRefusesAnyBody(byte[] body) throws IOException {
    if (!Utf8.isWellFormed(body)) {
      return; // refused before it is parsed
    }
    Batch batch;
    try {
      batch = Batch.read(body, reader, 500);
    } catch (ProblemException refused) {
      assertThat(refused.problem().code()).isNotBlank();
      assertThat(refused.problem().detail().chars()).noneMatch(Character::isISOControl);
      return;
    }
    for (Batch.Item item : batch.items()) {
      assertThat(item.event() == null).isNotEqualTo(item.refused() == null);
      byte[] kept;
      if (item.event() != null) {
        kept = KeptBytes.ofAccepted(body, item.start(), item.end(), item.address());
      } else {
        kept = REDACTOR.refused(body, item.start(), item.end()).bytes();
        assertThat(item.refused().getMessage().chars()).noneMatch(Character::isISOControl);
      }
      assertThat(JSON.readTree(kept)).as(new String(kept, UTF_8)).isNotNull();
      assertThat(
              JSON.readTree(kept).path("ip").isValueNode()
                  && !JSON.readTree(kept).path("ip").isNull())
          .as(new String(kept, UTF_8))
          .isFalse();
    }
  }
}
