-- Petitions' words that were taken out, in one order with the persons that were forgotten; generation 0: a person.
CREATE TABLE erasure (
  number INTEGER PRIMARY KEY,
  person BLOB NOT NULL,
  generation INTEGER NOT NULL,
  at INTEGER NOT NULL,
  signature BLOB NOT NULL,
  UNIQUE (person, generation)
) STRICT;
INSERT INTO erasure (number, person, generation, at, signature) SELECT number, person, 0, at, signature FROM erased;
DROP TABLE erased;
-- Another generation of the document is there: what waits here is run again on it.
ALTER TABLE record ADD COLUMN anew INTEGER NOT NULL DEFAULT 0;
-- Versions whose key is locked for this device in a way that it cannot open: the server is told.
CREATE TABLE unopenable (version BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
-- When a petition's words were taken out.
ALTER TABLE petition ADD COLUMN erased INTEGER;
