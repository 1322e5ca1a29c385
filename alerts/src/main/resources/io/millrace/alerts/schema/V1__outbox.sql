-- What is to be sent, and what each tenant's alerts remember: both change in one transaction.

CREATE TABLE machines (
  tenant     text PRIMARY KEY,
  state      text NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE messages (
  number       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  tenant       text NOT NULL,
  message_id   text NOT NULL,
  channel      text NOT NULL,
  alert_id     text NOT NULL,
  alert        text NOT NULL, -- JSON
  created_at   timestamptz NOT NULL,
  outcome      text NOT NULL DEFAULT 'waiting' CHECK (outcome IN ('waiting', 'sent', 'dead')),
  attempts     integer NOT NULL DEFAULT 0,
  next_at      timestamptz NOT NULL,
  leased_until timestamptz, -- somebody is sending it, unless they were killed
  reason       text, -- of the last failure
  ended_at     timestamptz,
  PRIMARY KEY (tenant, message_id, channel)
);
CREATE INDEX messages_waiting ON messages (next_at) WHERE outcome = 'waiting';
