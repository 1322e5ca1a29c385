package io.millrace.gateway.access;

import com.linecorp.armeria.common.HttpStatus;

/** Why a request is turned away before its events are looked at; the code is a promise. */
public enum Denial {
  MISSING_WRITE_KEY("missing_write_key", HttpStatus.UNAUTHORIZED),
  UNKNOWN_WRITE_KEY("unknown_write_key", HttpStatus.UNAUTHORIZED),
  ORIGIN_NOT_ALLOWED("origin_not_allowed", HttpStatus.FORBIDDEN),
  ADDRESS_RATE_LIMITED("address_rate_limited", HttpStatus.TOO_MANY_REQUESTS),
  RATE_LIMITED("rate_limited", HttpStatus.TOO_MANY_REQUESTS),
  QUOTA_EXCEEDED("quota_exceeded", HttpStatus.TOO_MANY_REQUESTS);

  private final String code;
  private final HttpStatus status;

  Denial(String code, HttpStatus status) {
    this.code = code;
    this.status = status;
  }

  public String code() {
    return code;
  }

  public HttpStatus status() {
    return status;
  }
}
