-- Bundles this device has made for a courier and whose replies have not come: what each pushed, and where it stood.
CREATE TABLE bundle (
  id BLOB PRIMARY KEY,
  made_at INTEGER NOT NULL,
  asked BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Other devices' bundles that this device carries. They are sealed: what is in them cannot be read here.
CREATE TABLE transit (
  id BLOB PRIMARY KEY,
  taken_at INTEGER NOT NULL,
  request BLOB NOT NULL,
  -- NULL until the server has answered.
  reply BLOB
) STRICT;
