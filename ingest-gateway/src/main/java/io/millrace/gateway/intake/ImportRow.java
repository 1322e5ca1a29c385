package io.millrace.gateway.intake;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One row of an import.
 *
 * @param number in its file, from 1; a CSV header is not counted
 * @param event as the gateway reads it, or null where the row is none
 * @param fault why the row is no event, or null
 */
public record ImportRow(long number, JsonNode event, String fault) {}
