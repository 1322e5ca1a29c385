-- Who may send what: tenants, their write keys and tracking domains, and what they have sent today.

CREATE TABLE tenants (
  name       text PRIMARY KEY CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  settings   jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE write_keys (
  tenant              text NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name                text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$'),
  sha256              bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  historical          boolean NOT NULL DEFAULT false,
  server_side         boolean NOT NULL DEFAULT false,
  event_types         text[] NOT NULL DEFAULT '{}', -- empty: all
  origins             text[] NOT NULL DEFAULT '{}', -- empty: all
  requests_per_second integer CHECK (requests_per_second BETWEEN 1 AND 1000000), -- null: no limit
  requests_burst      integer CHECK (requests_burst BETWEEN 1 AND 1000000),
  events_per_second   integer CHECK (events_per_second BETWEEN 1 AND 1000000), -- null: no limit
  events_burst        integer CHECK (events_burst BETWEEN 1 AND 1000000),
  created_at          timestamptz NOT NULL DEFAULT now(),
  revoked_at          timestamptz,
  PRIMARY KEY (tenant, name),
  CHECK ((requests_per_second IS NULL) = (requests_burst IS NULL)),
  CHECK ((events_per_second IS NULL) = (events_burst IS NULL))
);

-- A host that is only claimed keeps nobody else from claiming it; one tenant can have proved it.
CREATE TABLE domains (
  host        text NOT NULL CHECK (host = lower(host) AND length(host) <= 255),
  tenant      text NOT NULL,
  key         text NOT NULL,
  token       text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  verified_at timestamptz,
  PRIMARY KEY (host, tenant),
  FOREIGN KEY (tenant, key) REFERENCES write_keys ON DELETE CASCADE
);
CREATE UNIQUE INDEX domains_verified ON domains (host) WHERE verified_at IS NOT NULL;

CREATE TABLE events_per_day (
  tenant text NOT NULL,
  day    date NOT NULL,
  events bigint NOT NULL,
  PRIMARY KEY (day, tenant)
);

-- Counts the changes, so that gateways can see by one row whether there is anything to read. Not a
-- sequence: the row's lock is held until the change is committed, so no number is seen before it.
CREATE TABLE changes (
  number bigint NOT NULL
);
INSERT INTO changes VALUES (1);

CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE ${schema}.changes SET number = number + 1;
  RETURN NULL;
END $$;

CREATE TRIGGER tenants_changed AFTER INSERT OR UPDATE OR DELETE ON tenants
  FOR EACH STATEMENT EXECUTE FUNCTION count_change();
CREATE TRIGGER write_keys_changed AFTER INSERT OR UPDATE OR DELETE ON write_keys
  FOR EACH STATEMENT EXECUTE FUNCTION count_change();
CREATE TRIGGER domains_changed AFTER INSERT OR UPDATE OR DELETE ON domains
  FOR EACH STATEMENT EXECUTE FUNCTION count_change();
