package io.millrace.domain.channel;

/**
 * How a visitor came to a page.
 *
 * @param channel one of the channels in {@link ChannelRules}
 * @param source who sent the visitor; null when direct or when the campaign tags do not say
 * @param medium by what means; null likewise
 * @param campaign which campaign; null when there is none
 * @param referrerMedium what the referrer alone is: a channel, {@code internal}, or null when there
 *     is no referrer
 * @param referrerSource the referrer's name, or its host where it has none; null when internal
 */
public record Traffic(
    String channel,
    String source,
    String medium,
    String campaign,
    String referrerMedium,
    String referrerSource) {}
