-- What stands in forms that have not been filed.
CREATE TABLE draft (
    name TEXT PRIMARY KEY,
    written_at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
