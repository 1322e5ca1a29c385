-- Which variant of each experiment leads more visitors to a goal?
-- reads lake.events, lake.conversions · result one row per experiment and variant; without bots
-- A visitor belongs to the variant seen first, and only what was reached after that counts. switched: visitors who later
-- saw another variant as well; many of them say that the experiment leaks.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter experiment: string = *
-- parameter goal: string = *
WITH seen AS (
  SELECT
    experiment,
    variant,
    visitor_id,
    occurred_at,
    ROW_NUMBER() OVER (
      PARTITION BY experiment, visitor_id
      ORDER BY occurred_at, `sequence` NULLS FIRST, event_id
    ) AS place
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
    AND experiment IS NOT NULL AND variant IS NOT NULL
    AND (:experiment = '*' OR experiment = :experiment)
),
variants AS (
  SELECT experiment, visitor_id, COUNT(DISTINCT variant) AS variants
  FROM seen
  GROUP BY experiment, visitor_id
),
exposed AS (
  SELECT s.experiment, s.variant, s.visitor_id, s.occurred_at AS exposed_at, v.variants
  FROM seen AS s
  JOIN variants AS v ON v.experiment = s.experiment AND v.visitor_id = s.visitor_id
  WHERE s.place = 1
),
reached AS (
  SELECT
    e.experiment,
    e.visitor_id,
    COUNT(*) AS conversions,
    SUM(c.revenue_cents) AS revenue_cents
  FROM exposed AS e
  JOIN lake.conversions AS c ON c.visitor_id = e.visitor_id AND c.occurred_at >= e.exposed_at
  WHERE c.tenant = :tenant AND c.occurred_at < :to AND NOT c.bot AND (:goal = '*' OR c.goal = :goal)
  GROUP BY e.experiment, e.visitor_id
)
SELECT
  e.experiment,
  e.variant,
  COUNT(*) AS visitors,
  COUNT(*) FILTER (WHERE e.variants > 1) AS switched,
  COUNT(r.visitor_id) AS converted_visitors,
  CAST(100.0 * COUNT(r.visitor_id) / COUNT(*) AS DECIMAL(5, 1)) AS converted_percent,
  COALESCE(SUM(r.conversions), 0) AS conversions,
  COALESCE(SUM(r.revenue_cents), 0) AS revenue_cents
FROM exposed AS e
LEFT JOIN reached AS r ON r.experiment = e.experiment AND r.visitor_id = e.visitor_id
GROUP BY e.experiment, e.variant
ORDER BY e.experiment, e.variant
