-- What became of all that arrived? One row per tenant, minute of arrival and stage.
-- received = stored + duplicate + dead_letter + heartbeat, always; refused is what the gateway did not let in.
-- A minute is here once it is complete, so that the lake has all that arrived up to MAX(minute) + 1 minute.
-- Tenant - are records that name none: heartbeats, and what could not be read.
-- written by the ledger job (changelog, exactly once)
CREATE TABLE IF NOT EXISTS millrace.lake.ledger (
  tenant STRING NOT NULL,
  `minute` TIMESTAMP_LTZ(6) NOT NULL,
  stage STRING NOT NULL,
  events BIGINT,
  revision INT,
  PRIMARY KEY (tenant, `minute`, stage) NOT ENFORCED
) WITH (
  'millrace.partition-by' = 'day(minute)',
  'format-version' = '2',
  -- A restated row is deleted by its key alone; statistics of other columns would hide that delete from filters by them.
  'write.metadata.metrics.default' = 'none',
  'write.metadata.metrics.column.tenant' = 'full',
  'write.metadata.metrics.column.minute' = 'full',
  'write.metadata.metrics.column.stage' = 'full',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
