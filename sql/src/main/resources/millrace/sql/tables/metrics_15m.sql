-- How much of everything happened in each quarter of an hour? Hours, days, weeks and months, in any time zone, are sums.
-- written by the metrics job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.metrics_15m (
  tenant STRING NOT NULL,
  `grouping` STRING NOT NULL,
  `value` STRING NOT NULL,
  bot BOOLEAN NOT NULL,
  window_start TIMESTAMP_LTZ(6) NOT NULL,
  window_end TIMESTAMP_LTZ(6),
  events BIGINT,
  page_views BIGINT,
  clicks BIGINT,
  visitors_sketch BYTES,
  visitors BIGINT,
  sessions BIGINT,
  bounces BIGINT,
  session_seconds BIGINT,
  engagement_ms BIGINT,
  conversions BIGINT,
  revenue_cents BIGINT,
  revision INT,
  PRIMARY KEY (tenant, `grouping`, `value`, bot, window_start) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(window_start)',
  'format-version' = '2',
  -- A restated row is deleted by its key alone; statistics of other columns would hide that delete from filters by them.
  'write.metadata.metrics.default' = 'none',
  'write.metadata.metrics.column.tenant' = 'full',
  'write.metadata.metrics.column.grouping' = 'full',
  'write.metadata.metrics.column.value' = 'full',
  'write.metadata.metrics.column.bot' = 'full',
  'write.metadata.metrics.column.window_start' = 'full',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
