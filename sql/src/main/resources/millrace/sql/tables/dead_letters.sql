-- What was not stored, and why? One row per event that could not be used, with its original bytes.
-- written by the enrich job (append, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.dead_letters (
  tenant STRING,
  event_id STRING,
  code STRING NOT NULL,
  message STRING NOT NULL,
  stage STRING NOT NULL,
  received_at TIMESTAMP_LTZ(6) NOT NULL,
  payload BYTES,
  kafka_partition INT NOT NULL,
  kafka_offset BIGINT NOT NULL
) WITH (
  'millrace.partition-by' = 'day(received_at)',
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
