package io.millrace.domain.privacy;

/** Why a good event is not stored: the visitor does not want it, and the tenant's policy agrees. */
public enum Withheld {
  DO_NOT_TRACK("dnt"),
  GLOBAL_PRIVACY_CONTROL("gpc"),
  CONSENT_REFUSED("consent_refused"),
  CONSENT_MISSING("consent_missing");

  private final String reason;

  Withheld(String reason) {
    this.reason = reason;
  }

  /** The stable name, for example {@code consent_missing}. */
  public String reason() {
    return reason;
  }
}
