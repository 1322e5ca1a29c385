package io.millrace.jobs.programs;

import io.millrace.jobs.kit.Lake;
import io.millrace.jobs.kit.RedisSink;

/** Where jobs write: the tables, which exist, and the hot store. */
public record Stores(Lake lake, RedisSink redis) {}
