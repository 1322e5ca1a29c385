package io.millrace.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.millrace.domain.event.EventText;
import java.util.List;
import java.util.regex.Pattern;

/** Refuses a request whose host two servers could read differently, as RFC 9112 wants it. */
final class StrictHost {
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9._~%!$&'()*+,;=-]*|\\[[0-9A-Fa-f:.]+])(?::[0-9]{0,5})?");

  private StrictHost() {}

  static HttpResponse serve(HttpService service, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1) {
      return refuse(ctx, "there are " + hosts.size() + " Host headers; give one");
    }
    String authority = request.authority();
    if (authority != null && !HOST.matcher(authority).matches()) {
      return refuse(
          ctx, "Host is " + EventText.shown(authority) + "; give a host name or an address");
    }
    return service.serve(ctx, request);
  }

  private static HttpResponse refuse(ServiceRequestContext ctx, String detail) {
    return new Problem(HttpStatus.BAD_REQUEST, "invalid_host", detail).toResponse(ctx);
  }
}
