-- Which visits led to conversions? One row per conversion, model and session; credits of a model sum to 1 per conversion.
-- written by the conversions job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.attribution (
  tenant STRING,
  conversion_id STRING NOT NULL,
  `model` STRING NOT NULL,
  session_id STRING NOT NULL,
  goal STRING,
  version STRING,
  definitions_version STRING,
  visitor_id STRING,
  touched_at TIMESTAMP_LTZ(6),
  channel STRING,
  source STRING,
  medium STRING,
  campaign STRING,
  occurred_at TIMESTAMP_LTZ(6) NOT NULL,
  credit DECIMAL(10, 9),
  revenue_cents BIGINT,
  currency STRING,
  bot BOOLEAN,
  PRIMARY KEY (conversion_id, `model`, session_id) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(occurred_at)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
