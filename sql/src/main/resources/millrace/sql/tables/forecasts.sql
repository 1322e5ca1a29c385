-- What is expected of the hours of the next seven days? Made anew every midnight (UTC); earlier ones stay, so that their error can be told.
-- Numbers are decimals, as a filter such as score >= 0.5 compares with one.
-- written by the anomalies job (append, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.forecasts (
  tenant STRING,
  series STRING,
  metric STRING,
  `grouping` STRING,
  `value` STRING,
  window_start TIMESTAMP_LTZ(6),
  window_end TIMESTAMP_LTZ(6),
  made_at TIMESTAMP_LTZ(6),
  expected DECIMAL(18, 4),
  `lower` DECIMAL(18, 4),
  `upper` DECIMAL(18, 4),
  model_version STRING
) WITH (
  'millrace.partition-by' = 'day(window_start)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
