-- Persons that were forgotten, as the server has signed it: nothing of them is kept or shown any more.
CREATE TABLE erased (
  number INTEGER PRIMARY KEY,
  person BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE INDEX identity_person ON identity (identity);
