-- How much of the traffic comes from bots, and how are they recognised?
-- reads lake.events · result one row per reason, most events first; people are the row without a reason
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  bot,
  bot_reason,
  COUNT(*) AS events,
  COUNT(DISTINCT visitor_id) AS visitors,
  CAST(100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS DECIMAL(5, 1)) AS event_percent
FROM lake.events
WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to
GROUP BY bot, bot_reason
ORDER BY events DESC, bot_reason
