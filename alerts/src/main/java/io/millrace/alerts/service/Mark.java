package io.millrace.alerts.service;

/**
 * Says that all that is known up to then was written before it to its partition by its writer.
 *
 * @param writer from 0
 * @param writers how many there are
 */
record Mark(int writer, int writers, long completeUpToMillis) {
  Mark {
    if (writer < 0 || writer >= writers) {
      throw new IllegalArgumentException(
          "writer is "
              + writer
              + " of "
              + writers
              + "; 0 to below the number of writers is allowed");
    }
  }
}
