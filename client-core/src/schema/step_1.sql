-- What a replica knows of itself: identity, keys, cursor, clock. Values by name.
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

-- Devices as authors, from the frames. Receipts name them by id.
CREATE TABLE device (
  id INTEGER PRIMARY KEY,
  device BLOB NOT NULL UNIQUE,
  key BLOB NOT NULL,
  user TEXT NOT NULL
) STRICT;

-- One row a record. `acked` is the snapshot of what the server has admitted, NULL before the first acknowledgement.
CREATE TABLE record (
  id BLOB PRIMARY KEY,
  kind INTEGER NOT NULL,
  -- The fill that named it last.
  fill INTEGER NOT NULL DEFAULT 0,
  -- It has left every feed this device may hold, and is kept only until the unsent work on it has been answered.
  leaving INTEGER NOT NULL DEFAULT 0,
  receipts BLOB,
  acked BLOB
) STRICT;
CREATE INDEX record_leaving ON record (id) WHERE leaving = 1;

-- Work not yet acknowledged, in the order it was done; what was refused waits here with its reason.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'refused')),
  record BLOB NOT NULL,
  hash BLOB NOT NULL,
  epoch BLOB NOT NULL,
  signature BLOB NOT NULL,
  code TEXT,
  detail TEXT,
  bytes BLOB NOT NULL,
  command TEXT NOT NULL,
  CHECK ((state = 'refused') = (code IS NOT NULL))
) STRICT;
CREATE INDEX outbox_record ON outbox (record, state);
CREATE INDEX outbox_hash ON outbox (hash);

-- Records that must be sent whole: a change came whose dependencies are not here.
CREATE TABLE want (record BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Caches, computed from documents in the transaction that changes them. Codes are the directory's ids; times are
-- milliseconds since 1970, UTC; dates are texts YYYY-MM-DD in the tenant's zone.
CREATE TABLE petition (
  record BLOB PRIMARY KEY,
  code TEXT NOT NULL,
  text TEXT NOT NULL,
  -- Code, text and place as search::fold writes them, with a space in front: every word begins after a space.
  folded TEXT NOT NULL,
  status TEXT NOT NULL,
  open INTEGER NOT NULL,
  kind TEXT NOT NULL,
  category TEXT,
  unit TEXT NOT NULL,
  hamlet TEXT,
  channel TEXT NOT NULL,
  place TEXT,
  urgent INTEGER NOT NULL,
  collective INTEGER,
  -- The body it is counted under.
  body TEXT,
  -- Every body that holds it, leads first: a JSON array.
  bodies TEXT NOT NULL,
  -- Last day for the resolution. Overdue is asked at query time: open, not paused, due before today.
  due TEXT,
  first_answer_due TEXT,
  contested INTEGER NOT NULL,
  late INTEGER NOT NULL,
  reopened INTEGER NOT NULL,
  session BLOB,
  logged_at INTEGER NOT NULL,
  -- Changes of this device not yet acknowledged.
  pending INTEGER NOT NULL
) STRICT;
CREATE INDEX petition_newest ON petition (logged_at DESC, record);
CREATE INDEX petition_code ON petition (code);
CREATE INDEX petition_session ON petition (session) WHERE session IS NOT NULL;

CREATE TABLE session (
  record BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  unit TEXT NOT NULL,
  at INTEGER NOT NULL,
  title TEXT,
  chair TEXT,
  present INTEGER,
  -- Conclusions that no later one has seen: a JSON array of texts.
  conclusions TEXT NOT NULL,
  same_as BLOB,
  pending INTEGER NOT NULL
) STRICT;
CREATE INDEX session_newest ON session (at DESC, record);
