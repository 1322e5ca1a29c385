package io.millrace.standalone.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.standalone.traffic.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** The answers that an independent program computed for one set of real traffic. */
final class Expected {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String set;

  Expected(String set) {
    this.set = set;
  }

  Path events() {
    return SharedData.file(set + "/events.ndjson.gz");
  }

  JsonNode summary() throws IOException {
    return JSON.readTree(SharedData.file(set + "/expected/summary.json").toFile());
  }

  List<CSVRecord> csv(String name) throws IOException {
    Path file = SharedData.file(set + "/expected/" + name);
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = name.endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        CSVParser parser =
            CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return parser.getRecords();
    }
  }

  /**
   * How often each visitor has several page views, or several events, in one millisecond: there the
   * order of a log says nothing, and entry, exit and channel may be those of another event of that
   * moment.
   */
  static final class Ties {
    private final Map<String, Integer> pageViews = new HashMap<>();
    private final Map<String, Integer> events = new HashMap<>();

    boolean ofPageViews(String visitor, long at) {
      return pageViews.getOrDefault(visitor + '@' + at, 0) > 1;
    }

    boolean ofEvents(String visitor, long at) {
      return events.getOrDefault(visitor + '@' + at, 0) > 1;
    }
  }

  /** All events of the set, as JSON. */
  List<String> lines() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(events())), StandardCharsets.UTF_8))) {
      return lines.lines().toList();
    }
  }

  /** All events of the set, by visitor. */
  Map<String, List<JsonNode>> byVisitor(Ties ties) throws IOException {
    Map<String, List<JsonNode>> byVisitor = new HashMap<>();
    for (String line : lines()) {
      JsonNode event = JSON.readTree(line);
      String visitor = event.get("visitorId").asText();
      byVisitor.computeIfAbsent(visitor, v -> new ArrayList<>()).add(event);
      String moment = visitor + '@' + event.get("timestamp").asLong();
      ties.events.merge(moment, 1, Integer::sum);
      if (event.get("eventType").asText().equals("page_view")) {
        ties.pageViews.merge(moment, 1, Integer::sum);
      }
    }
    return byVisitor;
  }

  static String host(String url) {
    try {
      return URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return url;
    }
  }
}
