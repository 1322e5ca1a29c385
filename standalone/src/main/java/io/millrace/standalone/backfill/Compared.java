package io.millrace.standalone.backfill;

import java.util.Map;

/**
 * How some tables differ from what was recomputed.
 *
 * @param events how many were read
 */
record Compared(Map<BackfillTable, Settled.Sifted> tables, long events) {}
