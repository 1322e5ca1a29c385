-- How far did sessions and visitors get in funnels? One row per step, at the event that reached it first.
-- written by the conversions job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.funnel_steps (
  tenant STRING,
  step_id STRING NOT NULL,
  funnel STRING,
  version STRING,
  definitions_version STRING,
  `scope` STRING,
  step INT,
  step_name STRING,
  visitor_id STRING,
  session_id STRING,
  event_id STRING,
  occurred_at TIMESTAMP_LTZ(6) NOT NULL,
  bot BOOLEAN,
  PRIMARY KEY (step_id) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(occurred_at)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
