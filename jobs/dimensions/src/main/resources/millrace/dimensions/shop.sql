-- What links, products, profiles and owners are: the sample schema, and what a database of your own needs.
-- Of the columns only tenant and id must be there, as the primary key; others than these become attributes.
CREATE SCHEMA IF NOT EXISTS shop;

-- COLLATE "C": a table of more than 100,000 rows is read in pieces, whose bounds are compared byte by byte.
CREATE TABLE IF NOT EXISTS shop.links (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner_id text,
  title text,
  url text,
  custom_domain text,
  campaign text,
  spend_cents bigint,
  currency text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE IF NOT EXISTS shop.products (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner_id text,
  title text,
  url text,
  price_cents bigint,
  currency text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE IF NOT EXISTS shop.profiles (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  owner_id text,
  title text,
  username text,
  url text,
  custom_domain text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz,
  PRIMARY KEY (tenant, id)
);

CREATE TABLE IF NOT EXISTS shop.owners (
  tenant text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  name text,
  plan text,
  custom_domain text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz,
  PRIMARY KEY (tenant, id)
);

-- Written by the job, so that its slot moves on while nothing changes in the tables above.
CREATE TABLE IF NOT EXISTS shop.millrace_heartbeat (
  id int PRIMARY KEY,
  at timestamptz NOT NULL
);

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_publication WHERE pubname = 'millrace_dimensions') THEN
    CREATE PUBLICATION millrace_dimensions
      FOR TABLE shop.links, shop.products, shop.profiles, shop.owners, shop.millrace_heartbeat
      WITH (publish = 'insert, update, delete');
  END IF;
END $$;
