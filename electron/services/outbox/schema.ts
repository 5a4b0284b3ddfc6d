/**
 * Version of what is sealed in a row, part of the authenticated data: a blob moved to another row, matter or version does
 * not open.
 */
export const SEALED_SCHEMA_VERSION = 1

/** `ready → sending → done | refused | held`; `sending` found at start-up becomes `ready` (facts on durability, 5.2). */
export type ApplicationState = 'ready' | 'sending' | 'done' | 'refused' | 'held'

export const OUTBOX_MIGRATIONS: readonly string[] = [
  `CREATE TABLE application(
    id TEXT PRIMARY KEY,
    local_number TEXT NOT NULL UNIQUE,
    idempotency_key TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    matter TEXT NOT NULL,
    sealed BLOB,
    wrapped_key BLOB,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'done', 'refused', 'held')),
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    last_code TEXT,
    case_number TEXT,
    received_at INTEGER,
    updated_at INTEGER NOT NULL,
    CHECK ((sealed IS NULL) = (wrapped_key IS NULL)),
    CHECK (state IN ('done', 'refused') OR sealed IS NOT NULL),
    CHECK (state <> 'done' OR (case_number IS NOT NULL AND received_at IS NOT NULL AND sealed IS NULL))
  ) STRICT;
  CREATE INDEX application_to_send ON application(state, created_at);
  CREATE TABLE attachment(
    id TEXT NOT NULL,
    application_id TEXT NOT NULL REFERENCES application(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    mime TEXT NOT NULL,
    purpose TEXT NOT NULL,
    file TEXT NOT NULL,
    upload_id TEXT,
    offset INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'uploaded', 'wiped')),
    PRIMARY KEY (application_id, id)
  ) STRICT;`,
]
