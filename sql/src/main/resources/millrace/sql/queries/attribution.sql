-- Which channels earned the conversions, by each attribution model?
-- reads lake.attribution · result one row per model and channel, most credit first; without bots
-- The credits of a conversion sum to 1 in every model, and its revenue is shared out to the cent.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter goal: string = *
-- parameter model: string = *
SELECT
  `model`,
  channel,
  CAST(SUM(credit) AS DECIMAL(18, 3)) AS conversions,
  COUNT(DISTINCT conversion_id) AS touched_conversions,
  COALESCE(SUM(revenue_cents), 0) AS revenue_cents
FROM lake.attribution
WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
  AND (:goal = '*' OR goal = :goal)
  AND (:model = '*' OR `model` = :model)
GROUP BY `model`, channel
ORDER BY `model`, conversions DESC, channel
