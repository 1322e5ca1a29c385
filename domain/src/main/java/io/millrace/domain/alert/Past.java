package io.millrace.domain.alert;

/** What is remembered of a window for a week. */
record Past(double actual, long sampleSize) {}
