-- What was unusual, where and when, what explains it, and what became of it? A window that was usual has no row.
-- Numbers are decimals, as a filter such as score >= 0.5 compares with one.
-- written by the anomalies job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.anomalies (
  tenant STRING NOT NULL,
  series STRING NOT NULL,
  metric STRING,
  `grouping` STRING,
  `value` STRING,
  window_start TIMESTAMP_LTZ(6) NOT NULL,
  window_end TIMESTAMP_LTZ(6),
  actual DECIMAL(18, 4),
  expected DECIMAL(18, 4),
  `lower` DECIMAL(18, 4),
  `upper` DECIMAL(18, 4),
  score DECIMAL(5, 4),
  severity STRING,
  state STRING,
  explanation STRING,
  segments STRING,
  fault STRING,
  model_version STRING,
  history BIGINT,
  revision INT,
  PRIMARY KEY (tenant, series, window_start) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(window_start)',
  'format-version' = '2',
  -- A restated row is deleted by its key alone; statistics of other columns would hide that delete from filters by them.
  'write.metadata.metrics.default' = 'none',
  'write.metadata.metrics.column.tenant' = 'full',
  'write.metadata.metrics.column.series' = 'full',
  'write.metadata.metrics.column.window_start' = 'full',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
