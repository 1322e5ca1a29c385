package io.millrace.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.gateway.intake.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the rows of an import so far; safe for use by many threads. */
final class ImportResult {
  /** As many refused rows are listed; the rest is only counted. */
  static final int MAX_ERRORS = 1000;

  private final List<RowError> errors = new ArrayList<>();
  private final Map<String, Long> byCode = new TreeMap<>();
  private long accepted;
  private long rejected;
  private long withheld;

  record RowError(long row, String eventId, String code, String message) {}

  synchronized void add(int accepted, int withheld, List<RowError> refused) {
    this.accepted += accepted;
    this.withheld += withheld;
    rejected += refused.size();
    for (RowError error : refused) {
      byCode.merge(error.code(), 1L, Long::sum);
      if (errors.size() < MAX_ERRORS) {
        errors.add(error);
      }
    }
  }

  /** The counts alone. */
  synchronized ObjectNode progress() {
    return Json.MAPPER
        .createObjectNode()
        .put("accepted", accepted)
        .put("rejected", rejected)
        .put("withheld", withheld);
  }

  /** The counts, and the table of refused rows. */
  synchronized ObjectNode complete() {
    ObjectNode result = progress();
    ObjectNode codes = result.putObject("rejectedByCode");
    byCode.forEach(codes::put);
    ArrayNode table = result.putArray("errors");
    for (RowError error : errors) {
      table
          .addObject()
          .put("row", error.row())
          .put("eventId", error.eventId())
          .put("code", error.code())
          .put("message", error.message());
    }
    return result;
  }
}
