-- Where do visits go after the page they began on?
-- reads lake.events, lake.sessions · result one row per first three pages, most sessions first; without bots
-- :landing is a pattern of LIKE, such as /blog/%.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter landing: string = %
-- parameter rows: number = 20
WITH page_views AS (
  SELECT
    s.session_id,
    e.page_path,
    ROW_NUMBER() OVER (
      PARTITION BY s.session_id ORDER BY e.occurred_at, e.`sequence` NULLS FIRST, e.event_id
    ) AS place
  FROM lake.sessions AS s
  JOIN lake.events AS e
    ON e.tenant = s.tenant AND e.visitor_id = s.visitor_id
    AND e.occurred_at >= s.started_at AND e.occurred_at <= s.ended_at
  WHERE s.tenant = :tenant AND s.started_at >= :from AND s.started_at < :to AND NOT s.bot
    AND s.entry_page LIKE :landing
    AND e.tenant = :tenant AND e.event_type = 'page_view'
),
paths AS (
  SELECT
    session_id,
    MAX(CASE WHEN place = 1 THEN page_path END) AS landing_page,
    MAX(CASE WHEN place = 2 THEN page_path END) AS second_page,
    MAX(CASE WHEN place = 3 THEN page_path END) AS third_page
  FROM page_views
  GROUP BY session_id
)
SELECT landing_page, second_page, third_page, COUNT(*) AS sessions
FROM paths
GROUP BY landing_page, second_page, third_page
ORDER BY sessions DESC, landing_page, second_page, third_page
LIMIT :rows
