//! The tables, and dropping their rows.

use rusqlite::Transaction;
use sync::model::directory::Directory;

use super::error::ProjectionError;

/// The tables of the projection with their keys, in the order in which they are digested.
pub(super) const TABLES: &[(&str, &str)] =
    &[("p_petition", "record"), ("p_session", "record"), ("p_state", "record, at"), ("p_stretch", "record, n")];

/// Creates the tables; to be run once, by a migration.
pub fn schema() -> &'static str {
    "
    -- One row a petition: what it is now. received_at is the receipt of the creating change, newest_at that of the
    -- newest event: a report as of an earlier moment has to fold such a petition again.
    CREATE TABLE p_petition (
        record BLOB NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        logged_at INTEGER NOT NULL,
        logged_late INTEGER NOT NULL,
        received_at INTEGER,
        newest_at INTEGER,
        changed_at INTEGER NOT NULL,
        status TEXT NOT NULL,
        finish TEXT,
        unit TEXT NOT NULL,
        hamlet TEXT,
        body TEXT,
        contested INTEGER NOT NULL,
        category TEXT,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL,
        urgent INTEGER NOT NULL,
        collective INTEGER,
        session BLOB,
        on_spot INTEGER NOT NULL,
        satisfied INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX p_petition_logged ON p_petition (logged_at, received_at);
    CREATE INDEX p_petition_newest ON p_petition (newest_at);
    CREATE INDEX p_petition_session ON p_petition (session, logged_at, received_at, on_spot) WHERE session IS NOT NULL;

    -- One row for each time a petition was open, from opened_at to finished_at (null: still open), with what it was
    -- counted under when the stretch ended. It matters to months until until_at: the finish, or the answer after it.
    -- class: see stretch.rs; it lets a month's rows be found without reading those of other months. n: 0 for a petition
    -- that was never taken up again, else 1, 2 … place and finish_place: see place.rs.
    CREATE TABLE p_stretch (
        class INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        record BLOB NOT NULL,
        n INTEGER NOT NULL,
        until_at INTEGER NOT NULL,
        finished_at INTEGER,
        finish TEXT,
        answered_at INTEGER,
        logged_at INTEGER NOT NULL,
        placed_at INTEGER NOT NULL,
        clocked_at INTEGER NOT NULL,
        place TEXT NOT NULL,
        referred_at INTEGER,
        accepted_at INTEGER,
        given_day INTEGER,
        pauses TEXT,
        ratings TEXT,
        finish_place TEXT,
        PRIMARY KEY (class, opened_at, record, n)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX p_stretch_record ON p_stretch (record, n);

    -- What a petition was counted under, and what its deadlines are computed from, since `at`; one row for each instant
    -- at which any of it changed.
    CREATE TABLE p_state (
        record BLOB NOT NULL,
        at INTEGER NOT NULL,
        place TEXT NOT NULL,
        referred_at INTEGER,
        accepted_at INTEGER,
        given_day INTEGER,
        pauses TEXT,
        PRIMARY KEY (record, at)
    ) STRICT, WITHOUT ROWID;

    -- One row a session; same_as when it is the same occasion as another.
    CREATE TABLE p_session (
        record BLOB NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        unit TEXT NOT NULL,
        at INTEGER NOT NULL,
        received_at INTEGER,
        newest_at INTEGER,
        present INTEGER,
        same_as BLOB
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX p_session_at ON p_session (at);
    CREATE INDEX p_session_received ON p_session (received_at);
    CREATE INDEX p_session_same ON p_session (same_as) WHERE same_as IS NOT NULL;
    "
}

/// Drops every row. What follows is a rebuild: every record put again.
pub fn clear(tx: &Transaction<'_>) -> Result<(), ProjectionError> {
    for (table, _) in TABLES {
        tx.execute(&format!("DELETE FROM {table}"), [])?;
    }
    Ok(())
}

/// Whether a change of the directory makes all rows wrong: counted dates depend on the lease, and on nothing else there.
pub fn rebuild_needed(before: &Directory, after: &Directory) -> bool {
    before.lease() != after.lease()
}
