-- How did each link, product, profile … do under the title and the owner that it had at the time?
-- reads events_with_dimensions · result one row per entity, title and owner, the most viewed first; without bots
-- A view is a page view or an event whose type ends in _view. Clicks and conversions are those of the metrics.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter entity_type: string = *
-- parameter owner: string = *
-- parameter rows: number = 100
WITH told AS (
  SELECT
    *,
    is_page_view(event_type) OR event_type LIKE '%^_view' ESCAPE '^' AS viewed,
    is_click(event_type) AS clicked,
    is_conversion(event_type) AS converted
  FROM events_with_dimensions
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
    AND entity_id IS NOT NULL
    AND (:entity_type = '*' OR entity_type = :entity_type)
    AND (:owner = '*' OR entity_owner_id = :owner)
),
counted AS (
  SELECT
    entity_type,
    entity_id,
    entity_title AS title,
    entity_owner_id AS owner_id,
    owner_name,
    COUNT(*) FILTER (WHERE viewed) AS `views`,
    COUNT(DISTINCT visitor_id) FILTER (WHERE viewed) AS unique_views,
    COUNT(*) FILTER (WHERE clicked) AS clicks,
    COUNT(*) FILTER (WHERE converted) AS conversions,
    COALESCE(SUM(revenue_cents), 0) AS revenue_cents
  FROM told
  GROUP BY entity_type, entity_id, entity_title, entity_owner_id, owner_name
)
SELECT
  entity_type,
  entity_id,
  title,
  owner_id,
  owner_name,
  `views`,
  unique_views,
  clicks,
  conversions,
  revenue_cents
FROM counted
ORDER BY `views` DESC, clicks DESC, entity_type, entity_id, title, owner_id, owner_name
LIMIT :rows
