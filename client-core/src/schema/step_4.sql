-- Who spoke: versions, as they are sealed everywhere, each with its key. What this device has not written it was given by
-- the server for a purpose.
CREATE TABLE identity (
  version BLOB PRIMARY KEY,
  identity BLOB NOT NULL,
  record BLOB NOT NULL,
  device BLOB NOT NULL,
  user TEXT NOT NULL,
  -- Ids, sorted, one after the other.
  after BLOB NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  key BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'there', 'refused')),
  -- Why it was refused.
  reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_record ON identity (record);
CREATE INDEX identity_waits ON identity (version) WHERE state <> 'there';

-- Of which petitions the server is to say who spoke, and what for; `denied`: why it did not.
CREATE TABLE identity_ask (
  record BLOB PRIMARY KEY,
  id BLOB,
  purpose TEXT NOT NULL,
  note TEXT,
  denied TEXT
) STRICT, WITHOUT ROWID;

-- Who has been looked up in what is here: told to the server with the next request.
CREATE TABLE identity_look (
  id BLOB PRIMARY KEY,
  record BLOB NOT NULL,
  purpose TEXT NOT NULL,
  note TEXT,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- With a petition goes who raised it; what the server does not have yet waits all the same.
CREATE TRIGGER identity_goes AFTER DELETE ON record BEGIN
  DELETE FROM identity WHERE record = OLD.id AND state = 'there';
  DELETE FROM identity_ask WHERE record = OLD.id;
END;
