package io.millrace.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertRulesTest {
  private static final String SHOP =
      """
      zone: Europe/Berlin
      quiet-hours:
        - {from: "22:00", to: "07:00"}
      calendar:
        - {name: Black Friday, from: 2026-11-27, to: 2026-11-28, metrics: [page_views]}
        - {name: Match, from: 2026-06-14T20:00, to: 2026-06-14T23:00, learn: true}
      channels:
        ops: {kind: webhook, url: "https://ops.example.org/x", secret: 0123456789abcdef}
        chat: {kind: slack, url: "https://hooks.example.org/services/T0/B0/secret"}
        prom: {kind: alertmanager, url: "http://10.0.0.7:9093", allow: [http, private-addresses]}
        mail: {kind: email, to: [ops@example.org]}
      rules:
        traffic:
          anomaly: {severity: warning, metrics: [page_views]}
          to: [ops, chat]
          escalate: [{after: 30 min, to: [mail]}]
        errors:
          threshold: {metric: errors, above: 100}
          to: [prom]
      """;

  @Test
  void namesRulesAndChannelsInTheFilesOrder() {
    AlertRules rules = AlertRules.parse("shop.yaml", SHOP);

    assertThat(rules.ruleNames()).containsExactly("traffic", "errors");
    assertThat(rules.channelNames()).containsExactly("ops", "chat", "prom", "mail");
    assertThat(rules.channel("prom")).get().extracting(ChannelSpec::kind).isEqualTo("alertmanager");
    assertThat(rules.channel("none")).isEmpty();
  }

  @Test
  void showsOfAChannelNothingThatIsSecret() {
    AlertRules rules = AlertRules.parse("shop.yaml", SHOP);

    assertThat(rules.channel("ops")).get().hasToString("ops (webhook at ops.example.org)");
    assertThat(rules.channel("chat")).get().hasToString("chat (slack at hooks.example.org)");
  }

  @ParameterizedTest(name = "{0} at {1}: {2}, learns {3}")
  @CsvSource({
    "page_views, 2026-11-26T22:45:00Z, , true",
    "page_views, 2026-11-26T23:00:00Z, Black Friday, false",
    "page_views, 2026-11-28T22:45:00Z, Black Friday, false",
    "page_views, 2026-11-28T23:00:00Z, , true",
    "sessions, 2026-11-27T12:00:00Z, , true",
    "sessions, 2026-06-14T18:00:00Z, Match, true",
    "sessions, 2026-06-14T21:00:00Z, , true",
  })
  void knowsExpectedEventsByTheTenantsDays(
      String metric, Instant start, String expected, boolean learns) {
    AlertRules rules = AlertRules.parse("shop.yaml", SHOP);
    long from = start.toEpochMilli();
    long to = from + TestFacts.WINDOW;

    assertThat(rules.expected(metric, from, to).map(ExpectedEvent::name).orElse(null))
        .isEqualTo(expected);
    assertThat(rules.learns(metric, from, to)).isEqualTo(learns);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing yet\n", "{}", "rules: {}\nchannels: {}\n"})
  void takesAFileThatAlertsOfNothing(String yaml) {
    assertThat(AlertRules.parse("x.yaml", yaml).ruleNames()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "ruels: {} => x.yaml, line 1: ruels is not known; zone, quiet-hours, calendar, channels,"
            + " rules are allowed",
        "zone: Berlin => x.yaml, line 1: zone is \"Berlin\"; a time zone such as Europe/Berlin is"
            + " allowed",
        "quiet-hours: [{from: 22:00, to: \"07:00\"}] => x.yaml, line 1: quiet-hours.0.from is 22:00,"
            + " which YAML takes for a number; give it in digits, or in quotes if it is a text",
        "quiet-hours: [{from: \"24:00\", to: \"07:00\"}] => x.yaml, line 1: quiet-hours.0.from is"
            + " \"24:00\"; what matches ^([01][0-9]|2[0-3]):[0-5][0-9]$ is allowed",
        "quiet-hours: [{from: \"00:00\", to: \"00:00\"}] => x.yaml, line 1: quiet-hours leave no time"
            + " of the week in which a message may go out; leave some",
        "calendar: [{name: a, from: 2026-02-30, to: 2026-03-01}] => x.yaml, line 1: calendar.0.from"
            + " is \"2026-02-30\"; a day or time there is, such as 2026-12-24 or 2026-12-24T18:00,"
            + " is allowed",
        "calendar: [{name: a, from: 2026-03-02, to: 2026-03-01}] => x.yaml, line 1: calendar.0.to is"
            + " \"2026-03-01\"; a time after its from is allowed",
        "channels: {a: {kind: fax}} => x.yaml, line 1: channels.a.kind is \"fax\"; webhook, slack,"
            + " alertmanager, email are allowed",
        "channels: {a: {kind: slack}} => x.yaml, line 1: channels.a.kind is \"slack\"; it needs a"
            + " url, so give one",
        "channels: {a: {kind: email, to: [a@b.c], url: x}} => x.yaml, line 1: channels.a.kind is"
            + " \"email\"; beside url only a kind that has one is allowed",
        "channels: {a: {kind: email, to: [nobody]}} => x.yaml, line 1: channels.a.to.0 is \"nobody\";"
            + " what matches ^[^@\\s<>,;:\"]+@[^@\\s<>,;:\"]+$ is allowed",
        "channels: {a: {kind: slack, url: 'http://h/secret'}} => x.yaml, line 1: channels.a.url is"
            + " \"h/…\"; https is allowed; for plain http give allow: [http]",
        "channels: {a: {kind: slack, url: 'ftp://h/s', allow: [http]}} => x.yaml, line 1:"
            + " channels.a.url is \"h/…\"; https and http are allowed",
        "channels: {a: {kind: slack, url: 'https://u:p@h/'}} => x.yaml, line 1: channels.a.url is"
            + " \"h/…\"; a URL with a host, without a user and without a fragment is allowed",
        "channels: {a: {kind: slack, url: 'https://h/ x'}} => x.yaml, line 1: channels.a.url is"
            + " \"h/…\"; a URL such as https://example.org/alerts is allowed",
        "rules: {a: {freshness: {behind: 10 min}, to: [ops]}} => x.yaml, line 1: rules.a.to.0 is"
            + " \"ops\"; no channels are given; give some under channels",
        "rules: {a: {to: [m]}} => x.yaml, line 1: rules.a is \"\"; exactly one of anomaly, threshold,"
            + " change, drop, dead-letters, freshness is allowed",
        "rules: {a: {to: [m], freshness: {behind: 1 h}, anomaly: {severity: notice}}} => x.yaml,"
            + " line 1: rules.a is \"anomaly, freshness\"; exactly one of anomaly, threshold, change,"
            + " drop, dead-letters, freshness is allowed",
        "rules: {a: {to: [m], threshold: {metric: m}}} => x.yaml, line 1: rules.a.threshold is \"\";"
            + " above, below or both are allowed",
        "rules: {a: {to: [m], change: {metric: m}}} => x.yaml, line 1: rules.a.change is \"\";"
            + " up-by-percent, down-by-percent or both are allowed",
        "rules: {a: {to: [m], drop: {by-percent: 5}}} => x.yaml, line 1: rules.a.drop is \"\";"
            + " exactly one of funnel, goal is allowed",
        "rules: {a: {to: [m], anomaly: {severity: bad}}} => x.yaml, line 1: rules.a.anomaly.severity"
            + " is \"bad\"; notice, warning, critical are allowed",
        "rules: {a: {to: [m], anomaly: {severity: notice}, cool-down: 8 d}} => x.yaml, line 1:"
            + " rules.a.cool-down is \"8 d\"; at most 7 d are allowed",
        "rules: {a: {to: [m], anomaly: {severity: notice}, escalate: [{after: 1 h, to: [m]},"
            + " {after: 60 min, to: [m]}]}} => x.yaml, line 1: rules.a.escalate.1.after is"
            + " \"60 min\"; more than in the step before is allowed, as it counts from the first"
            + " message",
      })
  void saysFilePlaceValueAndWhatIsAllowed(String yaml, String problem) {
    String withMail =
        yaml.contains("[m]")
            ? yaml + "\nchannels: {m: {kind: email, to: [a@example.org]}}\n"
            : yaml;

    assertThatThrownBy(() -> AlertRules.parse("x.yaml", withMail))
        .isInstanceOf(InvalidAlertRulesException.class)
        .hasMessage("Cannot use the alert rules: " + problem);
  }

  @Test
  void saysEverythingThatIsWrongWithItsLine() {
    String yaml =
        """
        channels:
          mail: {kind: email, to: [ops@example.org]}
        rules:
          a:
            freshness: {behind: 10 min}
            to: [mial]
          b:
            drop: {by-percent: 50}
            to: [mail]
        """;

    assertThatThrownBy(() -> AlertRules.parse("acme.yaml", yaml))
        .isInstanceOfSatisfying(
            InvalidAlertRulesException.class,
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "acme.yaml, line 6: rules.a.to.0 is \"mial\"; the channels mail are allowed",
                        "acme.yaml, line 8: rules.b.drop is \"\"; exactly one of funnel, goal is"
                            + " allowed"));
  }
}
