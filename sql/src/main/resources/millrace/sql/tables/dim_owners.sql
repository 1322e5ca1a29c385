-- What was each owner at which time? One row per version of a row in the source's table owners; the present one has no valid_to.
-- written by the dimensions job (changelog, exactly once); other columns of the source are in attributes, a JSON object
CREATE TABLE IF NOT EXISTS millrace.lake.dim_owners (
  tenant STRING NOT NULL,
  id STRING NOT NULL,
  name STRING,
  plan STRING,
  custom_domain STRING,
  attributes STRING,
  created_at TIMESTAMP_LTZ(6),
  updated_at TIMESTAMP_LTZ(6),
  valid_from TIMESTAMP_LTZ(6) NOT NULL,
  valid_to TIMESTAMP_LTZ(6),
  PRIMARY KEY (tenant, id, valid_from) NOT ENFORCED
) WITH (
  'format-version' = '2',
  'write.parquet.compression-codec' = 'zstd',
  'write.metadata.delete-after-commit.enabled' = 'true',
  'write.metadata.previous-versions-max' = '50',
  'commit.retry.num-retries' = '10'
)
