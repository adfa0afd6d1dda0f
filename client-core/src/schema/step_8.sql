-- Sealed petitions are few: each sync asks which of them lack their words.
CREATE INDEX petition_sealed ON petition (record DESC) WHERE sealed IS NOT NULL;
