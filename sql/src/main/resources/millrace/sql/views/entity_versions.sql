-- What was each link, product and profile at which time? One row per version, by the entity type that events name it with.
-- reads lake.dim_links, lake.dim_products, lake.dim_profiles
SELECT
  'link' AS entity_type, tenant, id AS entity_id, owner_id, title, url, custom_domain, campaign, spend_cents,
  CAST(NULL AS BIGINT) AS price_cents, currency, attributes, valid_from, valid_to
FROM lake.dim_links
UNION ALL
SELECT
  'product', tenant, id, owner_id, title, url, CAST(NULL AS STRING), CAST(NULL AS STRING), CAST(NULL AS BIGINT),
  price_cents, currency, attributes, valid_from, valid_to
FROM lake.dim_products
UNION ALL
SELECT
  'profile', tenant, id, owner_id, COALESCE(title, username), url, custom_domain, CAST(NULL AS STRING),
  CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS STRING), attributes, valid_from, valid_to
FROM lake.dim_profiles
