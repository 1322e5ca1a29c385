-- What does the lake hold of each tenant?
-- reads all tables · result one row per tenant and number
SELECT tenant, 'events' AS what, COUNT(*) AS found FROM lake.events GROUP BY tenant
UNION ALL
SELECT tenant, 'visitors', COUNT(DISTINCT visitor_id) FROM lake.events GROUP BY tenant
UNION ALL
SELECT tenant, 'bot events', COUNT(*) FROM lake.events WHERE bot GROUP BY tenant
UNION ALL
SELECT tenant, 'events with a title', COUNT(*) FROM events_with_dimensions WHERE entity_title IS NOT NULL GROUP BY tenant
UNION ALL
SELECT tenant, 'duplicates', COUNT(*) FROM lake.duplicates GROUP BY tenant
UNION ALL
SELECT tenant, 'refused: ' || code, COUNT(*) FROM lake.dead_letters GROUP BY tenant, code
UNION ALL
SELECT tenant, 'sessions', COUNT(*) FROM lake.sessions GROUP BY tenant
UNION ALL
SELECT tenant, 'sessions: ' || channel, COUNT(*) FROM lake.sessions GROUP BY tenant, channel
UNION ALL
SELECT tenant, 'bot sessions', COUNT(*) FROM lake.sessions WHERE bot GROUP BY tenant
UNION ALL
SELECT tenant, 'page views', SUM(page_views) FROM lake.sessions GROUP BY tenant
UNION ALL
SELECT tenant, 'bounces', COUNT(*) FROM lake.sessions WHERE bounce GROUP BY tenant
UNION ALL
SELECT tenant, 'conversions', SUM(conversions) FROM lake.sessions GROUP BY tenant
UNION ALL
SELECT tenant, 'revenue cents', SUM(revenue_cents) FROM lake.sessions GROUP BY tenant
