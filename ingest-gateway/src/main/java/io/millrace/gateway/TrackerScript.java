package io.millrace.gateway;

import com.google.common.hash.Hashing;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves one file of the browser tracker, if that is on the class path. */
final class TrackerScript implements HttpService {
  private static final String FOLDER = "millrace/tracker/";
  private static final MediaType JAVASCRIPT = MediaType.parse("text/javascript; charset=utf-8");

  private final String name;

  /** Null when the tracker is not there. */
  private final byte[] script;

  private final String etag;

  TrackerScript(ClassLoader classPath, String name) {
    this.name = name;
    this.script = read(classPath, FOLDER + name);
    this.etag = script == null ? null : '"' + Hashing.sha256().hashBytes(script).toString() + '"';
  }

  private static byte[] read(ClassLoader classPath, String path) {
    try (InputStream in = classPath.getResourceAsStream(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path + " from the class path", e);
    }
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    if (ctx.method() != HttpMethod.GET && ctx.method() != HttpMethod.HEAD) {
      return Problem.methodNotAllowed(ctx.method(), "GET");
    }
    if (script == null) {
      return new Problem(
              HttpStatus.NOT_FOUND,
              "tracker_missing",
              name + " is not served here: millrace-tracker is not on the gateway's class path")
          .toResponse();
    }
    boolean known = etag.equals(request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .add(HttpHeaderNames.ETAG, etag)
            .add(HttpHeaderNames.CACHE_CONTROL, "public, max-age=3600")
            // The script holds nothing of anybody's; as a module it is only loaded with this.
            .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
            .add("cross-origin-resource-policy", "cross-origin")
            .add(HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
    return known
        ? HttpResponse.of(headers.build())
        : HttpResponse.of(headers.contentType(JAVASCRIPT).build(), HttpData.wrap(script));
  }
}
