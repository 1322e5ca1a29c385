-- How often was each link, product, profile … viewed, clicked and bought, and by how many visitors?
-- reads lake.events · result one row per entity and owner, the most viewed first; without bots
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
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
    AND entity_id IS NOT NULL
    AND (:entity_type = '*' OR entity_type = :entity_type)
    AND (:owner = '*' OR owner_id = :owner)
),
counted AS (
  SELECT
    entity_type,
    entity_id,
    owner_id,
    COUNT(*) FILTER (WHERE viewed) AS `views`,
    COUNT(DISTINCT visitor_id) FILTER (WHERE viewed) AS unique_views,
    COUNT(*) FILTER (WHERE clicked) AS clicks,
    COUNT(DISTINCT visitor_id) FILTER (WHERE clicked) AS unique_clicks,
    COUNT(*) FILTER (WHERE converted) AS conversions,
    COALESCE(SUM(revenue_cents), 0) AS revenue_cents
  FROM told
  GROUP BY entity_type, entity_id, owner_id
)
SELECT
  entity_type,
  entity_id,
  owner_id,
  `views`,
  unique_views,
  clicks,
  unique_clicks,
  CAST(100.0 * clicks / NULLIF(`views`, 0) AS DECIMAL(7, 1)) AS click_percent,
  conversions,
  revenue_cents
FROM counted
ORDER BY `views` DESC, clicks DESC, entity_type, entity_id, owner_id
LIMIT :rows
