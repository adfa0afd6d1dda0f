//! Tables and migrations. `PRAGMA user_version` says how far a file has come; a newer file is not touched.

use rusqlite::Connection;

use crate::error::ServerError;
use crate::projection;

/// What this program knows.
pub const SCHEMA_VERSION: i64 = 9;

const CORE_1: &str = "
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- One counter for the whole log, taken inside the group's transaction: commit order is position order.
CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL);
INSERT INTO counter VALUES (1, 0);
CREATE TABLE device (
    idx INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    user TEXT NOT NULL,
    signing_key BLOB NOT NULL,
    receiving_key BLOB NOT NULL,
    name TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    revoked_at INTEGER,
    root INTEGER NOT NULL DEFAULT 0,
    grant_generation INTEGER NOT NULL DEFAULT 0,
    feeds TEXT NOT NULL DEFAULT ''
);
CREATE TABLE code (
    hash BLOB PRIMARY KEY,
    user TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) WITHOUT ROWID;
-- idx rises with creation: a first fill walks it backwards.
CREATE TABLE record (
    idx INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    created_position INTEGER NOT NULL,
    last_position INTEGER NOT NULL,
    open INTEGER NOT NULL,
    scope TEXT NOT NULL,
    feeds TEXT NOT NULL,
    digest BLOB NOT NULL,
    receipts BLOB NOT NULL,
    snapshot BLOB NOT NULL
);
CREATE INDEX record_scope ON record (scope);
-- Every accepted change, for ever. All else of a record is a cache of these.
CREATE TABLE change (
    position INTEGER PRIMARY KEY,
    record INTEGER NOT NULL,
    hash BLOB NOT NULL,
    actor BLOB NOT NULL,
    seq INTEGER NOT NULL,
    device INTEGER NOT NULL,
    epoch BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    signature BLOB NOT NULL
);
CREATE UNIQUE INDEX change_hash ON change (record, hash);
CREATE UNIQUE INDEX change_actor ON change (record, actor, seq);
CREATE TABLE feed (idx INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest BLOB NOT NULL);
-- kind: 0 a change, 1 the record entered the feed, 2 it left.
CREATE TABLE feed_entry (
    feed INTEGER NOT NULL,
    position INTEGER NOT NULL,
    record INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    PRIMARY KEY (feed, position)
) WITHOUT ROWID;
CREATE TABLE member (
    record INTEGER NOT NULL,
    feed INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (record, feed)
) WITHOUT ROWID;
CREATE INDEX member_feed ON member (feed, record);
-- What was refused, for the administrator to see.
CREATE TABLE refused (
    idx INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    device INTEGER NOT NULL,
    record BLOB NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    bytes BLOB NOT NULL
);
";

// What a device has been told; before, its last contact stood for it.
const CORE_2: &str = "
ALTER TABLE device ADD COLUMN informed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN open_contact INTEGER;
ALTER TABLE device ADD COLUMN open_position INTEGER;
UPDATE device SET informed_at = last_contact;
";

// A database put back from a copy begins another life: the lives before it, and what replicas bring back of them.
const CORE_3: &str = "
-- Of a former life this database holds everything up to its base, and knows the grants below that number.
CREATE TABLE life (epoch TEXT PRIMARY KEY, base INTEGER NOT NULL, grants INTEGER NOT NULL) WITHOUT ROWID;
-- A change taken in again keeps its own position; NULL: it is the line's.
ALTER TABLE feed_entry ADD COLUMN change INTEGER;
-- 0: only named as an author by what was brought back; nobody speaks for it until it is enrolled.
ALTER TABLE device ADD COLUMN known INTEGER NOT NULL DEFAULT 1;
-- What is compared with replicas, without reading the records.
CREATE INDEX record_digest ON record (id, digest);
CREATE INDEX feed_entry_change ON feed_entry (change) WHERE change IS NOT NULL;
";

// Who spoke, and who asked.
const CORE_4: &str = "
-- A version of an identity, sealed; `locked`: its key, for the tenant.
CREATE TABLE identity (
    version BLOB PRIMARY KEY,
    identity BLOB NOT NULL,
    record INTEGER NOT NULL,
    device INTEGER NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    after BLOB NOT NULL,
    body BLOB NOT NULL,
    signature BLOB NOT NULL,
    locked BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX identity_record ON identity (record);
-- What must be answered for. Each line's chain covers the line before.
CREATE TABLE audit (
    line INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    device BLOB NOT NULL,
    user TEXT NOT NULL,
    what TEXT NOT NULL,
    subject BLOB NOT NULL,
    detail TEXT NOT NULL,
    -- Its id, where a device tells of what was done on it: told twice it is noted once.
    event BLOB UNIQUE,
    chain BLOB NOT NULL
);
";

// Devices that a second person lets in.
const CORE_5: &str = "
ALTER TABLE device ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE device ADD COLUMN approved_at INTEGER;
ALTER TABLE device ADD COLUMN approved_by TEXT;
-- Looked at every second: who was shut out meanwhile.
CREATE INDEX device_revoked ON device (id) WHERE revoked_at IS NOT NULL;
";

// Persons that were forgotten, in the order of the journal.
const CORE_6: &str = "
CREATE TABLE erased (
    number INTEGER PRIMARY KEY,
    person BLOB NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    signature BLOB NOT NULL
);
CREATE INDEX identity_person ON identity (identity);
";

// Sealed petitions: whom a version's key is locked for, each in a row; 0: for the recovery key.
const CORE_7: &str = "
CREATE TABLE identity_lock (
    version BLOB NOT NULL,
    device INTEGER NOT NULL,
    locked BLOB NOT NULL,
    PRIMARY KEY (version, device)
) WITHOUT ROWID;
";

// Petitions' words that were taken out, in one order with the persons that were forgotten.
const CORE_8: &str = "
CREATE TABLE erasure (
    number INTEGER PRIMARY KEY,
    -- A person's id, or a petition's.
    person BLOB NOT NULL,
    -- 0: a person; else of which generation of the petition's document on its words are not in it.
    generation INTEGER NOT NULL,
    at INTEGER NOT NULL,
    signature BLOB NOT NULL,
    UNIQUE (person, generation)
);
INSERT INTO erasure (number, person, generation, at, signature) SELECT number, person, 0, at, signature FROM erased;
DROP TABLE erased;
-- What the present generation of a document begins with, and when what it says came.
CREATE TABLE rewritten (
    record BLOB PRIMARY KEY,
    generation INTEGER NOT NULL,
    creation BLOB NOT NULL,
    receipts BLOB NOT NULL
) WITHOUT ROWID;
";

// How many lines the audit has, and how many a device has given cause for, by kind.
const CORE_9: &str = "
-- How many lines there ever were. A copy that is put back has the count of then; who takes out the last lines leaves it.
CREATE TABLE audit_counter (one INTEGER PRIMARY KEY CHECK (one = 1), lines INTEGER NOT NULL);
INSERT INTO audit_counter SELECT 1, coalesce(max(line), 0) FROM audit;
CREATE TABLE audit_measure (
    device BLOB NOT NULL,
    what TEXT NOT NULL,
    -- A record, where each has a measure of its own; else sixteen zeros.
    subject BLOB NOT NULL,
    user TEXT NOT NULL,
    since INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    PRIMARY KEY (device, what, subject)
) WITHOUT ROWID;
-- Looked at every second: of whom there is something to tell.
CREATE INDEX audit_left_out ON audit_measure (since) WHERE left_out > 0;
";

/// Brings a database to this program's schema, in one transaction a step.
pub fn migrate(conn: &mut Connection) -> Result<(), ServerError> {
    let found: i64 = conn.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if found > SCHEMA_VERSION {
        return Err(ServerError::Newer { found, known: SCHEMA_VERSION });
    }
    if found < 1 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_1)?;
        tx.execute_batch(projection::schema())?;
        tx.execute_batch("PRAGMA user_version = 1")?;
        tx.commit()?;
    }
    if found < 2 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_2)?;
        tx.execute_batch("PRAGMA user_version = 2")?;
        tx.commit()?;
    }
    if found < 3 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_3)?;
        tx.execute_batch("PRAGMA user_version = 3")?;
        tx.commit()?;
    }
    if found < 4 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_4)?;
        tx.execute_batch("PRAGMA user_version = 4")?;
        tx.commit()?;
    }
    if found < 5 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_5)?;
        tx.execute_batch("PRAGMA user_version = 5")?;
        tx.commit()?;
    }
    if found < 6 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_6)?;
        tx.execute_batch("PRAGMA user_version = 6")?;
        tx.commit()?;
    }
    if found < 7 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_7)?;
        tx.execute_batch("PRAGMA user_version = 7")?;
        tx.commit()?;
    }
    if found < 8 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_8)?;
        tx.execute_batch("PRAGMA user_version = 8")?;
        tx.commit()?;
    }
    if found < 9 {
        let tx = conn.transaction()?;
        tx.execute_batch(CORE_9)?;
        tx.execute_batch("PRAGMA user_version = 9")?;
        tx.commit()?;
    }
    Ok(())
}
