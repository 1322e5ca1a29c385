package io.millrace.standalone.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Lists;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The ways in which one and the same event can come to the gateway. */
enum KindOfCall {
  SINGLE(1) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return json(gateway.resolve("/v1/collect"), key, events.get(0));
    }
  },
  BATCH(100) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return json(gateway.resolve("/v1/collect"), key, "{\"events\":" + array(events) + '}');
    }
  },
  ARRAY(70) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return json(gateway.resolve("/v1/collect"), key, array(events));
    }
  },
  GZIP(500) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return HttpRequest.newBuilder(gateway.resolve("/v1/collect"))
          .header("X-Write-Key", key)
          .header("Content-Type", "application/json")
          .header("Content-Encoding", "gzip")
          .POST(BodyPublishers.ofByteArray(gzip(array(events))));
    }
  },
  BEACON(20) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return HttpRequest.newBuilder(gateway.resolve("/v1/collect?key=" + key))
          .header("Content-Type", "text/plain;charset=UTF-8")
          .POST(BodyPublishers.ofString("{\"events\":" + array(events) + '}'));
    }
  },
  ALIAS(50) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      List<String> snake = events.stream().map(KindOfCall::snakeCase).toList();
      return json(gateway.resolve("/api/track/view"), key, array(snake));
    }
  },
  PIXEL(1) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      StringJoiner query = new StringJoiner("&", "/v1/pixel.gif?key=" + key + '&', "");
      tree(events.get(0))
          .fields()
          .forEachRemaining(
              field -> {
                if (field.getValue().isValueNode()) {
                  query.add(
                      field.getKey() + '=' + URLEncoder.encode(field.getValue().asText(), UTF_8));
                }
              });
      return HttpRequest.newBuilder(gateway.resolve(query.toString()));
    }
  },
  LINES(Integer.MAX_VALUE) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return HttpRequest.newBuilder(gateway.resolve("/v1/import"))
          .header("X-Write-Key", key)
          .header("Content-Type", "application/x-ndjson")
          .header("Content-Encoding", "gzip")
          .POST(BodyPublishers.ofByteArray(gzip(String.join("\n", events))));
    }
  },
  TABLE(Integer.MAX_VALUE) {
    @Override
    HttpRequest.Builder request(URI gateway, String key, List<String> events) {
      return HttpRequest.newBuilder(gateway.resolve("/v1/import"))
          .header("X-Write-Key", key)
          .header("Content-Type", "text/csv")
          .POST(BodyPublishers.ofString(table(events)));
    }
  };

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int eventsPerCall;

  KindOfCall(int eventsPerCall) {
    this.eventsPerCall = eventsPerCall;
  }

  /** How the name of the tenant ends that sends so. */
  String way() {
    return '-' + name().toLowerCase(Locale.ROOT);
  }

  abstract HttpRequest.Builder request(URI gateway, String key, List<String> events);

  /** Sends all, in this order, one call after the other; each has to be answered with success. */
  void send(URI gateway, String key, List<String> events) {
    for (List<String> some : Lists.partition(events, Math.min(eventsPerCall, events.size()))) {
      try {
        HttpResponse<String> answer =
            CLIENT.send(request(gateway, key, some).build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2 || answer.body().contains("\"message\"")) {
          throw new IllegalStateException(
              this + ": the answer is " + answer.statusCode() + ": " + answer.body());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static HttpRequest.Builder json(URI url, String key, String body) {
    return HttpRequest.newBuilder(url)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static String array(List<String> events) {
    return events.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private static JsonNode tree(String event) {
    try {
      return JSON.readTree(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String snakeCase(String event) {
    return event
        .replace("\"eventId\":", "\"event_id\":")
        .replace("\"eventType\":", "\"event_type\":")
        .replace("\"visitorId\":", "\"visitor_id\":")
        .replace("\"pageUrl\":", "\"page_url\":")
        .replace("\"userAgent\":", "\"user_agent\":");
  }

  private static String table(List<String> events) {
    List<String> columns =
        List.of(
            "eventId", "eventType", "timestamp", "visitorId", "pageUrl", "referrer", "userAgent");
    StringBuilder csv = new StringBuilder();
    try (CSVPrinter printer = new CSVPrinter(csv, CSVFormat.RFC4180)) {
      printer.printRecord(columns);
      for (String event : events) {
        JsonNode fields = tree(event);
        printer.printRecord(columns.stream().map(name -> fields.path(name).asText()).toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return csv.toString();
  }
}
