package io.millrace.standalone.demo;

import io.millrace.standalone.traffic.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What was planted against what was found. */
public record Comparison(List<Row> rows) {
  /** One number of one tenant. */
  public record Row(String tenant, String what, long planted, long found) {
    public boolean same() {
      return planted == found;
    }
  }

  /**
   * @param found by tenant and name of the number; what is absent counts as 0
   */
  public static Comparison of(List<Planted> planted, Map<String, Map<String, Long>> found) {
    List<Row> rows = new ArrayList<>();
    for (Planted tenant : planted) {
      Map<String, Long> numbers = found.getOrDefault(tenant.tenant(), Map.of());
      Planted.Answers closed = tenant.closed();
      List<Map.Entry<String, Long>> expected = new ArrayList<>();
      expected.add(Map.entry("events", tenant.all().events()));
      expected.add(Map.entry("visitors", tenant.all().visitors()));
      expected.add(Map.entry("bot events", tenant.all().botEvents()));
      if (tenant.all().productEvents() > 0) {
        expected.add(Map.entry("events with a title", tenant.all().productEvents()));
      }
      expected.add(Map.entry("duplicates", tenant.duplicatesSent()));
      tenant.refused().forEach((code, count) -> expected.add(Map.entry("refused: " + code, count)));
      expected.add(Map.entry("sessions", closed.sessions()));
      closed
          .sessionsByChannel()
          .forEach((channel, count) -> expected.add(Map.entry("sessions: " + channel, count)));
      expected.add(Map.entry("bot sessions", closed.botSessions()));
      expected.add(Map.entry("page views", closed.pageViews()));
      expected.add(Map.entry("bounces", closed.bounces()));
      expected.add(Map.entry("conversions", closed.conversions()));
      expected.add(Map.entry("revenue cents", closed.revenueCents()));
      expected.add(Map.entry("live sessions", tenant.live().sessions()));
      expected.add(Map.entry("live page views", tenant.live().pageViews()));
      for (Map.Entry<String, Long> number : expected) {
        rows.add(
            new Row(
                tenant.tenant(),
                number.getKey(),
                number.getValue(),
                numbers.getOrDefault(number.getKey(), 0L)));
      }
    }
    return new Comparison(rows);
  }

  public boolean holds() {
    return rows.stream().allMatch(Row::same);
  }
}
