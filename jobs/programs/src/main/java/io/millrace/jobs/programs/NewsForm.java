package io.millrace.jobs.programs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;

/** How a record of one tenant is written as JSON, which has its {@code tenant}. */
interface NewsForm<T> extends Serializable {
  void write(T record, ObjectNode json);
}
