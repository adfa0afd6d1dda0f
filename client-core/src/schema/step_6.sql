-- Sealed petitions.
-- The office that is entrusted with it; NULL: an ordinary one.
ALTER TABLE petition ADD COLUMN sealed TEXT;
-- Written down of a sealed petition: for whose devices its key is to be locked.
ALTER TABLE identity ADD COLUMN sealed TEXT;
CREATE INDEX identity_words ON identity (record) WHERE sealed IS NOT NULL;
-- The public key that a change was written under in place of the device's.
ALTER TABLE outbox ADD COLUMN pseudonym BLOB;
-- The key that a sealed petition is logged under, until the server has all of it.
CREATE TABLE pseudonym (record BLOB PRIMARY KEY, secret BLOB NOT NULL) STRICT, WITHOUT ROWID;
-- Keys that this device has opened for others who are entrusted with the same; `signed`: the version's head, CBOR.
CREATE TABLE reopened (
    version BLOB NOT NULL,
    device BLOB NOT NULL,
    signed BLOB NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (version, device)
) STRICT, WITHOUT ROWID;
