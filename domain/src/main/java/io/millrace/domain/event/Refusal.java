package io.millrace.domain.event;

/**
 * Why an event, or a whole request, is not accepted. The code is a promise to senders and to {@code
 * lake.dead_letters}.
 */
public enum Refusal {
  MALFORMED_JSON("malformed_json"),
  NOT_AN_OBJECT("not_an_object"),
  MISSING_FIELD("missing_field"),
  WRONG_TYPE("wrong_type"),
  EMPTY_FIELD("empty_field"),
  TOO_LONG("too_long"),
  TOO_DEEP("too_deep"),
  TOO_MANY_PROPERTIES("too_many_properties"),
  EVENT_TOO_LARGE("event_too_large"),
  DUPLICATE_FIELD("duplicate_field"),
  ILLEGAL_TEXT("illegal_text"),
  INVALID_EVENT_TYPE("invalid_event_type"),
  EVENT_TYPE_NOT_ALLOWED("event_type_not_allowed"),
  INVALID_TIMESTAMP("invalid_timestamp"),
  TIMESTAMP_IN_FUTURE("timestamp_in_future"),
  INVALID_URL("invalid_url"),
  ENTITY_INCOMPLETE("entity_incomplete"),
  REVENUE_WITHOUT_CURRENCY("revenue_without_currency"),
  MISSING_ENVELOPE("missing_envelope"),

  /** Only for tenants that take no other types than those of the catalogue. */
  UNKNOWN_EVENT_TYPE("unknown_event_type"),

  /** Only for tenants that want properties checked strictly. */
  PROPERTY_INVALID("property_invalid"),

  /** Our own mistake: the reader failed where it should have refused. */
  UNREADABLE("unreadable");

  private final String code;

  Refusal(String code) {
    this.code = code;
  }

  /** The stable code, for example {@code invalid_timestamp}. */
  public String code() {
    return code;
  }
}
