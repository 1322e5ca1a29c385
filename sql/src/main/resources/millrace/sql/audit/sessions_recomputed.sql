-- The stored sessions equal the sessions that SQL alone makes of the stored events.
-- reads lake.events, lake.sessions · result one row per session and column that differ, with both values
-- A new session begins when the gap to the visitor's event before is greater than 30 min. Events stand in the
-- order (occurred_at, sequence, event_id). Session ids are not compared, so any id function will do.
-- A session that ends at or after :closed_before may still be open and is left out.
-- parameter tenant: string = *
-- parameter closed_before: timestamp = now-35m
WITH with_previous AS (
  SELECT
    tenant,
    visitor_id,
    event_id,
    event_type,
    occurred_at,
    `sequence`,
    page_path,
    channel,
    revenue_cents,
    -- LAG takes no TIMESTAMP_LTZ; the session is in UTC, so that nothing moves.
    LAG(CAST(occurred_at AS TIMESTAMP(6))) OVER (
      PARTITION BY tenant, visitor_id ORDER BY occurred_at, `sequence` NULLS FIRST, event_id
    ) AS previous_at
  FROM lake.events
  WHERE (:tenant = '*' OR tenant = :tenant)
),
numbered AS (
  SELECT
    *,
    SUM(
      CASE
        WHEN previous_at IS NULL
          OR CAST(occurred_at AS TIMESTAMP(6)) > TIMESTAMPADD(MINUTE, 30, previous_at) THEN 1
        ELSE 0
      END
    ) OVER (
      PARTITION BY tenant, visitor_id
      ORDER BY occurred_at, `sequence` NULLS FIRST, event_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS session_number
  FROM with_previous
),
placed AS (
  SELECT
    *,
    event_type = 'page_view' AS is_page_view,
    ROW_NUMBER() OVER (
      PARTITION BY tenant, visitor_id, session_number
      ORDER BY occurred_at, `sequence` NULLS FIRST, event_id
    ) AS place,
    ROW_NUMBER() OVER (
      PARTITION BY tenant, visitor_id, session_number, event_type
      ORDER BY occurred_at, `sequence` NULLS FIRST, event_id
    ) AS place_in_type,
    COUNT(*) OVER (
      PARTITION BY tenant, visitor_id, session_number, event_type
    ) AS of_this_type
  FROM numbered
),
recomputed AS (
  SELECT
    tenant,
    visitor_id,
    MIN(occurred_at) AS started_at,
    MAX(occurred_at) AS ended_at,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE is_page_view) AS page_views,
    COUNT(DISTINCT page_path) FILTER (WHERE is_page_view) AS distinct_pages,
    MAX(CASE WHEN is_page_view AND place_in_type = 1 THEN page_path END) AS entry_page,
    MAX(CASE WHEN is_page_view AND place_in_type = of_this_type THEN page_path END) AS exit_page,
    MAX(CASE WHEN place = 1 THEN channel END) AS channel,
    COALESCE(SUM(revenue_cents), 0) AS revenue_cents
  FROM placed
  GROUP BY tenant, visitor_id, session_number
),
stored AS (
  SELECT * FROM lake.sessions WHERE (:tenant = '*' OR tenant = :tenant)
),
compared AS (
  SELECT
    COALESCE(r.tenant, s.tenant) AS tenant,
    COALESCE(r.visitor_id, s.visitor_id) AS visitor_id,
    COALESCE(r.started_at, s.started_at) AS started_at,
    differing.name AS differs,
    CASE differing.name
      WHEN 'session' THEN CASE WHEN r.tenant IS NULL THEN 'missing' ELSE 'present' END
      WHEN 'ended_at' THEN CAST(r.ended_at AS STRING)
      WHEN 'duration_ms' THEN CAST(
        -- TIMESTAMPDIFF knows no milliseconds: count whole seconds, then add what is left of each.
        CAST(1000 AS BIGINT) * TIMESTAMPDIFF(
          SECOND,
          FLOOR(CAST(r.started_at AS TIMESTAMP(3)) TO SECOND),
          FLOOR(CAST(r.ended_at AS TIMESTAMP(3)) TO SECOND))
        + EXTRACT(MILLISECOND FROM r.ended_at) - EXTRACT(MILLISECOND FROM r.started_at) AS STRING)
      WHEN 'events' THEN CAST(r.events AS STRING)
      WHEN 'page_views' THEN CAST(r.page_views AS STRING)
      WHEN 'distinct_pages' THEN CAST(r.distinct_pages AS STRING)
      WHEN 'bounce' THEN CAST(r.page_views = 1 AS STRING)
      WHEN 'entry_page' THEN r.entry_page
      WHEN 'exit_page' THEN r.exit_page
      WHEN 'channel' THEN r.channel
      ELSE CAST(r.revenue_cents AS STRING)
    END AS recomputed,
    CASE differing.name
      WHEN 'session' THEN CASE WHEN s.tenant IS NULL THEN 'missing' ELSE 'present' END
      WHEN 'ended_at' THEN CAST(s.ended_at AS STRING)
      WHEN 'duration_ms' THEN CAST(s.duration_ms AS STRING)
      WHEN 'events' THEN CAST(s.events AS STRING)
      WHEN 'page_views' THEN CAST(s.page_views AS STRING)
      WHEN 'distinct_pages' THEN CAST(s.distinct_pages AS STRING)
      WHEN 'bounce' THEN CAST(s.bounce AS STRING)
      WHEN 'entry_page' THEN s.entry_page
      WHEN 'exit_page' THEN s.exit_page
      WHEN 'channel' THEN s.channel
      ELSE CAST(COALESCE(s.revenue_cents, 0) AS STRING)
    END AS stored
  FROM recomputed AS r
  FULL OUTER JOIN stored AS s
    ON s.tenant = r.tenant AND s.visitor_id = r.visitor_id AND s.started_at = r.started_at
  CROSS JOIN (
    VALUES ('session'), ('ended_at'), ('duration_ms'), ('events'), ('page_views'),
      ('distinct_pages'), ('bounce'), ('entry_page'), ('exit_page'), ('channel'), ('revenue_cents')
  ) AS differing (name)
  -- A session that only one side has differs once, not in every column.
  WHERE (differing.name = 'session' OR (r.tenant IS NOT NULL AND s.tenant IS NOT NULL))
    AND COALESCE(r.ended_at, s.ended_at) < :closed_before
)
SELECT tenant, visitor_id, started_at, differs, recomputed, stored
FROM compared
WHERE recomputed IS DISTINCT FROM stored
ORDER BY tenant, visitor_id, started_at, differs
