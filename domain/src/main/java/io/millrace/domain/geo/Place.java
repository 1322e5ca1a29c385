package io.millrace.domain.geo;

/**
 * Where an address is.
 *
 * @param country ISO 3166-1 alpha-2 code, or null
 * @param region English name of the first subdivision, or null
 * @param city English name, or null
 */
public record Place(String country, String region, String city) {}
