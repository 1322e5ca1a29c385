package io.millrace.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.domain.event.EventText;
import io.millrace.gateway.access.Gatekeeper;
import io.millrace.gateway.intake.CsvRows;
import io.millrace.gateway.intake.ImportRow;
import io.millrace.gateway.intake.ImportRows;
import io.millrace.gateway.intake.Json;
import io.millrace.gateway.intake.NdjsonRows;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * {@code POST /v1/import}: a file of past events, NDJSON or CSV, of any length.
 *
 * <p>A thread reads rows from the connection, makes batches of them and hands these on like any
 * request. It waits while {@link #MAX_WAITING} batches are not acknowledged, and then the
 * connection's flow control makes the sender wait. So an import holds a fixed number of bytes.
 */
final class ImportService implements HttpService {
  private static final MediaType NDJSON = MediaType.parse("application/x-ndjson");
  private static final int MAX_WAITING = 4;
  private static final int BATCH_BYTES = 256 * 1024;

  /** What an import holds at most: full batches, each with one row beyond. */
  static final long HELD_BYTES = MAX_WAITING * (BATCH_BYTES + (long) ImportRows.MAX_ROW_BYTES);

  private static final int BATCHES_PER_PROGRESS = 20;

  private final Intake intake;

  ImportService(Intake intake) {
    this.intake = intake;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    if (headers.method() != HttpMethod.POST) {
      return Problem.methodNotAllowed(headers.method(), "POST");
    }
    Intake.Reservation memory = intake.reservation();
    try {
      Gatekeeper.Admitted from = intake.admit(ctx, headers);
      requireHistorical(from);
      Format format = format(headers);
      intake.requireStorage();
      memory.raiseTo(HELD_BYTES);
      boolean streamed = headers.accept().stream().anyMatch(one -> one.is(NDJSON));
      Run run = new Run(ctx, from, headers, streamed);
      CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
      InputStream body = request.toInputStream(HttpData.class::cast);
      ctx.blockingTaskExecutor()
          .execute(
              () -> {
                try (ImportRows rows = format.open(body)) {
                  run.readAll(rows);
                } catch (IOException e) {
                  run.fail(unreadable(e));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                  run.fail(unreadable(e));
                } catch (RuntimeException | Error e) {
                  run.fail(e); // else rows that were never read would be answered as if they were
                  throw e;
                } finally {
                  run.awaitAcknowledged();
                  memory.release();
                  answer.complete(run.finish());
                }
              });
      return streamed ? run.progress : HttpResponse.of(answer);
    } catch (ProblemException e) {
      memory.release();
      return e.problem().toResponse(ctx);
    }
  }

  private static void requireHistorical(Gatekeeper.Admitted from) throws ProblemException {
    if (!from.key().historical()) {
      throw new ProblemException(
          HttpStatus.FORBIDDEN,
          "key_not_historical",
          from.key().id() + " is not for past events; import with a historical key");
    }
  }

  /** How a file is written. */
  @FunctionalInterface
  private interface Format {
    ImportRows open(InputStream file) throws IOException;
  }

  private static Format format(RequestHeaders headers) throws ProblemException {
    MediaType type = headers.contentType();
    boolean csv = type != null && type.is(MediaType.CSV_UTF_8.withoutParameters());
    if (!csv && (type == null || !type.is(NDJSON))) {
      throw new ProblemException(
          HttpStatus.UNSUPPORTED_MEDIA_TYPE,
          "unsupported_content_type",
          "Content-Type is "
              + EventText.shown(headers.get(HttpHeaderNames.CONTENT_TYPE, "missing"))
              + "; application/x-ndjson and text/csv are allowed");
    }
    boolean gzip = Bodies.requireKnownEncoding(headers);
    return file -> {
      InputStream plain = gzip ? Bodies.unpacking(file) : file;
      return csv ? new CsvRows(plain) : new NdjsonRows(plain);
    };
  }

  private static ProblemException unreadable(Exception e) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST,
        "unreadable_import",
        "the import ended early: "
            + e.getMessage()
            + "; the rows before it are stored; send the whole again, stored rows are not counted"
            + " twice");
  }

  /** One import. */
  private final class Run {
    private final ServiceRequestContext ctx;
    private final Gatekeeper.Admitted from;
    private final RequestHeaders headers;
    private final ImportResult result = new ImportResult();
    private final Semaphore free = new Semaphore(MAX_WAITING);
    private final AtomicReference<ProblemException> failure = new AtomicReference<>();

    /** Null where the answer is one JSON object at the end. */
    private final HttpResponseWriter progress;

    private List<ImportRow> rows = new ArrayList<>();
    private ArrayNode events = Json.MAPPER.createArrayNode();
    private int bytes;
    private int batches;

    Run(
        ServiceRequestContext ctx,
        Gatekeeper.Admitted from,
        RequestHeaders headers,
        boolean streamed) {
      this.ctx = ctx;
      this.from = from;
      this.headers = headers;
      this.progress = streamed ? HttpResponse.streaming() : null;
      if (streamed) {
        progress.write(ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, NDJSON));
      }
    }

    void readAll(ImportRows input) throws IOException, InterruptedException {
      ImportRow row;
      while (failure.get() == null && (row = input.next()) != null) {
        rows.add(row);
        // What is no event is refused like one, so that all counters know of it.
        events.add(row.event());
        bytes += row.event() == null ? 4 : row.event().toString().length();
        if (rows.size() == intake.options().maxBatchEvents() || bytes >= BATCH_BYTES) {
          send();
        }
      }
      if (failure.get() == null && !rows.isEmpty()) {
        send();
      }
    }

    private void send() throws InterruptedException {
      free.acquire();
      List<ImportRow> sent = rows;
      byte[] body = BodyForms.bytes(events);
      rows = new ArrayList<>();
      events = Json.MAPPER.createArrayNode();
      bytes = 0;
      boolean taken = false;
      try {
        intake.takeInTime(ctx, from, body, headers).whenComplete((o, p) -> taken(sent, o, p));
        taken = true;
      } catch (ProblemException e) {
        fail(e);
      } finally {
        if (!taken) {
          free.release();
        }
      }
      batches++;
      if (progress != null && batches % BATCHES_PER_PROGRESS == 0) {
        write(result.progress());
      }
    }

    private void taken(List<ImportRow> sent, Outcome outcome, Throwable problem) {
      try {
        if (problem == null) {
          count(sent, outcome);
        } else {
          fail(problem);
        }
      } catch (RuntimeException e) {
        fail(e);
      } finally {
        free.release();
      }
    }

    private void count(List<ImportRow> sent, Outcome outcome) {
      List<ImportResult.RowError> refused = new ArrayList<>();
      for (Outcome.Rejected one : outcome.rejected) {
        ImportRow row = sent.get(one.index());
        boolean readable = row.fault() == null;
        refused.add(
            new ImportResult.RowError(
                row.number(),
                one.eventId(),
                readable ? one.refusal().code() : "unreadable_row",
                readable ? one.message() : row.fault()));
      }
      result.add(outcome.accepted, outcome.withheldEvents(), refused);
    }

    void fail(Throwable problem) {
      Throwable cause = problem instanceof CompletionException ? problem.getCause() : problem;
      failure.compareAndSet(
          null,
          cause instanceof ProblemException known
              ? known
              : new ProblemException(
                  HttpStatus.INTERNAL_SERVER_ERROR, "internal_server_error", cause.toString()));
    }

    void awaitAcknowledged() {
      free.acquireUninterruptibly(MAX_WAITING);
    }

    /** The answer, or the last line of it. */
    HttpResponse finish() {
      ProblemException failed = failure.get();
      if (progress == null) {
        return failed == null
            ? HttpResponse.of(
                HttpStatus.OK,
                MediaType.JSON_UTF_8,
                HttpData.wrap(BodyForms.bytes(result.complete())))
            : toResponse(failed.problem());
      }
      ObjectNode last = result.complete().put("done", failed == null);
      if (failed != null) {
        last.put("code", failed.problem().code()).put("detail", failed.problem().detail());
      }
      write(last);
      progress.close();
      return progress;
    }

    /** The problem, with what became of the rows before it. */
    private HttpResponse toResponse(Problem problem) {
      ObjectNode body = problem.toJson(TraceParent.of(ctx));
      body.set("result", result.complete());
      return HttpResponse.of(problem.headers(), HttpData.wrap(BodyForms.bytes(body)));
    }

    private void write(ObjectNode line) {
      // A sender that has left reads no line; the import goes on to its end all the same.
      boolean ignored = progress.tryWrite(HttpData.ofUtf8(line + "\n"));
    }
  }
}
