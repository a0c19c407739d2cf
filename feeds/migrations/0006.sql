-- What was found wrong is named until a report that named it was printed; and by the member of an archive
-- that is bad, where that is no document.
ALTER TABLE problems ADD COLUMN source TEXT;                      -- NULL: that of the document
ALTER TABLE problems ADD COLUMN told INTEGER NOT NULL DEFAULT 2;  -- documents.Told
CREATE INDEX problems_told ON problems (told) WHERE told < 2;
