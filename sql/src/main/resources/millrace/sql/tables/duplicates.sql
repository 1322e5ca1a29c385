-- Which events came more than once? One row per repeated delivery, with the place of the original.
-- written by the sessions job (append, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.duplicates (
  tenant STRING NOT NULL,
  event_id STRING NOT NULL,
  visitor_id STRING NOT NULL,
  code STRING NOT NULL,
  message STRING NOT NULL,
  stage STRING NOT NULL,
  received_at TIMESTAMP_LTZ(6) NOT NULL,
  kafka_partition INT NOT NULL,
  kafka_offset BIGINT NOT NULL,
  original_partition INT,
  original_offset BIGINT
) WITH (
  'millrace.partition-by' = 'day(received_at)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
