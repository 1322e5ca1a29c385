-- Which goals were reached? One row per event and goal; a late event restates its row's session.
-- written by the conversions job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.conversions (
  tenant STRING,
  conversion_id STRING NOT NULL,
  goal STRING,
  version STRING,
  definitions_version STRING,
  visitor_id STRING,
  session_id STRING,
  event_id STRING,
  occurred_at TIMESTAMP_LTZ(6) NOT NULL,
  revenue_cents BIGINT,
  currency STRING,
  bot BOOLEAN,
  PRIMARY KEY (conversion_id) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(occurred_at)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
