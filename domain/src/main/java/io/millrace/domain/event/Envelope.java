package io.millrace.domain.event;

/**
 * What the gateway knows about an event and the sender does not: it travels as Kafka headers beside
 * the event's own bytes.
 *
 * @param tenant owner of the write key; lower-case letters, digits, {@code -} and {@code _}
 * @param receivedAt the gateway's clock, epoch ms
 * @param sentAt the client's clock when the batch left, epoch ms; null when unknown
 * @param historical whether the client's time is the event time, unchanged
 * @param ipPrefix the sender's network (IPv4 /24, IPv6 /48); null when unknown
 * @param country ISO 3166-1 alpha-2 from the full address; null when there is no geo database or no
 *     match
 * @param region name of the first subdivision, or null
 * @param city name, or null
 * @param userAgent the request's user agent, used when the event carries none; null when unknown
 */
public record Envelope(
    String tenant,
    long receivedAt,
    Long sentAt,
    boolean historical,
    String ipPrefix,
    String country,
    String region,
    String city,
    String userAgent) {

  /** Header names on {@code events.raw}. Values are UTF-8 text; times are decimal epoch ms. */
  public static final String TENANT = "tenant";

  public static final String RECEIVED_AT = "received_at";
  public static final String SENT_AT = "sent_at";
  public static final String HISTORICAL = "historical";
  public static final String IP_PREFIX = "ip_prefix";
  public static final String COUNTRY = "country";
  public static final String REGION = "region";
  public static final String CITY = "city";
  public static final String USER_AGENT = "user_agent";

  /** Only on events that the catalogue has something against: the code and the words for it. */
  public static final String CATALOGUE_CODE = "catalogue_code";

  public static final String CATALOGUE_MESSAGE = "catalogue_message";

  /** Only on heartbeats, which carry no event: the gateway's clock, epoch ms. */
  public static final String HEARTBEAT = "heartbeat";
}
