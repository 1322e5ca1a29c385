package io.millrace.gateway.intake;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliasFormTest {
  private static final long NOW = 1_767_225_600_000L;

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          link_click | {'event_id':'e','visitor_id':'v','link_id':'l7'} | {'eventId':'e','visitorId':'v','entityType':'link','entityId':'l7','eventType':'link_click','timestamp':1767225600000}
          page_view | {'event_id':'e','session':'s','profile_id':12,'metadata':{'ip':'192.0.2.1','user_agent':'x','referer':'https://r.example/'}} | {'eventId':'e','sessionId':'s','ip':'192.0.2.1','userAgent':'x','referrer':'https://r.example/','entityType':'profile','entityId':'12','eventType':'page_view','timestamp':1767225600000,'visitorId':'s'}
          link_click | {'id':'e','type':'copy','user_id':'u','timestamp':'2025-12-31T23:59:59Z','colour':'red'} | {'eventId':'e','eventType':'copy','userId':'u','timestamp':1767225599000,'colour':'red','visitorId':'u'}
          link_click | {'eventId':'e','event_id':'f','visitorId':null,'timestamp':'soon'} | {'eventId':'e','eventType':'link_click','timestamp':'soon'}
          """)
  void writesOurNamesAndFillsInWhatNeedsNoGuess(String type, String given, String expected)
      throws Exception {
    assertThat(new AliasForm(type).event(json(given), NOW)).isEqualTo(json(expected));
  }

  @Test
  void readsABatchInEachForm() throws Exception {
    AliasForm form = new AliasForm();
    String one = "{'event_id':'e','event_type':'copy','timestamp':1,'visitor_id':'v'}";
    JsonNode event = json("{'eventId':'e','eventType':'copy','timestamp':1,'visitorId':'v'}");

    JsonNode bare = form.batch(json(one), NOW);
    JsonNode list = form.batch(json("[" + one + ",5]"), NOW);
    JsonNode batch =
        form.batch(
            json("{'events':[" + one + "],'metadata':{'sent_at':'2025-12-31T23:59:59Z'}}"), NOW);

    assertThat(bare.get("events")).containsExactly(event);
    assertThat(list.get("events")).containsExactly(event, json("5"));
    assertThat(batch.get("events")).containsExactly(event);
    assertThat(batch.get("metadata")).isEqualTo(json("{'sentAt':1767225599000}"));
  }

  private static JsonNode json(String text) throws Exception {
    return Json.MAPPER.readTree(text.replace('\'', '"'));
  }
}
