-- What has become of what was sent, so far?
-- reads lake.events, lake.duplicates, lake.sessions · result one row
SELECT e.events, e.visitors, d.duplicates, s.sessions, s.events_in_sessions, s.page_views, s.bounces
FROM (SELECT COUNT(*) AS events, COUNT(DISTINCT visitor_id) AS visitors FROM lake.events) AS e
CROSS JOIN (SELECT COUNT(*) AS duplicates FROM lake.duplicates) AS d
CROSS JOIN (
  SELECT
    COUNT(*) AS sessions,
    COALESCE(SUM(events), 0) AS events_in_sessions,
    COALESCE(SUM(page_views), 0) AS page_views,
    COUNT(*) FILTER (WHERE bounce) AS bounces
  FROM lake.sessions
) AS s
