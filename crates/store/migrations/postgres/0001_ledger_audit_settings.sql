-- The same tables as in ../sqlite, told to PostgreSQL. Only types and keys differ: every query runs on both.

-- What became known, in the order of knowing. `seen` rebuilds the past; equal facts about a subject are stored once.
CREATE TABLE facts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    told_at BIGINT,
    seen BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    registry TEXT NOT NULL,
    service BIGINT,
    body TEXT NOT NULL
);
-- The past between two moments, and the density of facts, from the index alone.
CREATE INDEX facts_seen ON facts (seen, registry, service);

-- What is known now of each instance, service and source (a registry's freshness), and where an instance listens.
CREATE TABLE subjects (
    subject BIGINT PRIMARY KEY,
    source BIGINT NOT NULL,
    digest BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    host TEXT NOT NULL,
    address TEXT NOT NULL
);

-- What derives from facts, as the Ledger page reads it. `moment` sorts, `searched` is lower-case text to look in.
CREATE TABLE transitions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    moment BIGINT NOT NULL,
    told_at BIGINT,
    seen BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    registry TEXT NOT NULL,
    service BIGINT,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    host TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    evidence TEXT NOT NULL,
    edited BIGINT NOT NULL,
    searched TEXT NOT NULL
);
-- One index per filter, each in page order; `to_state` rides along so that densities never touch the table.
CREATE INDEX transitions_moment ON transitions (moment, id, to_state);
CREATE INDEX transitions_registry ON transitions (registry, moment, id, to_state);
CREATE INDEX transitions_service ON transitions (service, moment, id, to_state);
CREATE INDEX transitions_host ON transitions (host, moment, id, to_state);
CREATE INDEX transitions_to ON transitions (to_state, moment, id);
CREATE INDEX transitions_edited ON transitions (moment, id, to_state) WHERE edited = 1;

-- The whole fleet after the fact `upto`: compressed lines of JSON, each the fact that makes one service or instance.
CREATE TABLE checkpoints (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    upto BIGINT NOT NULL
);
CREATE TABLE checkpoint_parts (
    checkpoint BIGINT NOT NULL,
    part BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (checkpoint, part)
);

-- Spans without a hole: of this console (`who` is empty), and of each registry's proofs of life.
CREATE TABLE presence (
    who TEXT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    PRIMARY KEY (who, started)
);

-- Who did what. `outcome` is empty until the action ended.
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    entry TEXT NOT NULL,
    outcome TEXT
);
CREATE INDEX audit_at ON audit (at, id);

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
