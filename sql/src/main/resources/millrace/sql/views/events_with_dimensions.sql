-- What happened, and what was it about at that moment? One row per stored event, with what its entity and owner were then.
-- reads lake.events, entity_versions, lake.dim_owners
-- A version is valid from valid_from until before valid_to. Where none was, its columns are NULL; no event is left out or doubled.
SELECT
  e.*,
  d.title AS entity_title,
  d.url AS entity_url,
  d.custom_domain AS entity_domain,
  d.campaign AS entity_campaign,
  d.price_cents AS entity_price_cents,
  d.currency AS entity_currency,
  d.attributes AS entity_attributes,
  COALESCE(e.owner_id, d.owner_id) AS entity_owner_id,
  o.name AS owner_name,
  o.plan AS owner_plan,
  o.attributes AS owner_attributes
FROM lake.events AS e
LEFT JOIN entity_versions AS d
  ON d.tenant = e.tenant AND d.entity_type = e.entity_type AND d.entity_id = e.entity_id
  AND d.valid_from <= e.occurred_at AND (d.valid_to IS NULL OR e.occurred_at < d.valid_to)
LEFT JOIN lake.dim_owners AS o
  ON o.tenant = e.tenant AND o.id = COALESCE(e.owner_id, d.owner_id)
  AND o.valid_from <= e.occurred_at AND (o.valid_to IS NULL OR e.occurred_at < o.valid_to)
