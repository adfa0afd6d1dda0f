-- What the server's receipts prove, a row for each frame that brought or acknowledged changes: by it a server put back from
-- a copy takes in again what it has lost. `latest`: when the youngest of them was received; older rows are let go of.
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY,
  server_epoch BLOB NOT NULL,
  frame BLOB NOT NULL,
  position INTEGER,
  signature BLOB NOT NULL,
  latest INTEGER NOT NULL,
  items BLOB NOT NULL
) STRICT;
CREATE INDEX receipt_latest ON receipt (latest);

-- Changes that the server may lack, that this device can prove, and has not been told are there; by their place in the log. `lacked`: the
-- server has said that it lacks it.
CREATE TABLE offer (
  position INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  item INTEGER NOT NULL,
  record BLOB NOT NULL,
  -- The beginning of the change's hash.
  hash BLOB NOT NULL,
  lacked INTEGER NOT NULL DEFAULT 0,
  -- When it was found, how often it was brought in vain, and from when on it is asked about again; milliseconds.
  since INTEGER NOT NULL,
  brought INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL DEFAULT 0,
  -- A server that did not know it had been put back may have given a position twice.
  PRIMARY KEY (position, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX offer_record ON offer (record);

-- Of what the server has admitted, by which this device and the server see whether they hold the same; NULL until it is
-- computed.
ALTER TABLE record ADD COLUMN digest BLOB;
CREATE INDEX record_digest ON record (id, digest) WHERE digest IS NOT NULL AND leaving = 0;
CREATE INDEX record_undigested ON record (id) WHERE digest IS NULL AND acked IS NOT NULL;

-- Records that have left this device, and where the log stood then: from a server put back from an older copy they may
-- have to be had again.
CREATE TABLE departed (
  record BLOB PRIMARY KEY,
  server_epoch BLOB NOT NULL,
  position INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- This device's own changes of such records, kept as long as their receipts: until others have them, it alone could bring
-- them back.
CREATE TABLE own_change (
  hash BLOB PRIMARY KEY,
  record BLOB NOT NULL,
  bytes BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
