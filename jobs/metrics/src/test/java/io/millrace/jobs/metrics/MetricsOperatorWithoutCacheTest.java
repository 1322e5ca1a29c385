package io.millrace.jobs.metrics;

/** The same behaviour where the cache holds nothing but the window in use. */
class MetricsOperatorWithoutCacheTest extends MetricsOperatorTest {
  @Override
  MetricOptions options() {
    return super.options().withCacheBytes(1);
  }
}
