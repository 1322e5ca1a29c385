-- What people have seen, so that it goes to nobody further.
CREATE TABLE acknowledgements (
  tenant          text NOT NULL,
  alert_id        text NOT NULL,
  acknowledged_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, alert_id)
);

-- One row: up to when the topics are complete, as last heard; before that, when alerts first ran.
CREATE TABLE progress (
  one            boolean PRIMARY KEY DEFAULT true CHECK (one),
  complete_up_to timestamptz NOT NULL
);
