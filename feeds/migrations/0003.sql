-- What the status feed tells, and what it is told from.

CREATE TABLE events (
    id          TEXT PRIMARY KEY,          -- IRI, permanent
    time        TEXT NOT NULL,
    title       TEXT NOT NULL,
    text        TEXT NOT NULL,             -- paragraphs, by newlines
    sign        TEXT NOT NULL              -- what is reported: "quiet countries/ir", "problem 3f2a..."
) STRICT, WITHOUT ROWID;
CREATE INDEX events_time ON events (time DESC, id);
CREATE TABLE runs (
    time        TEXT PRIMARY KEY           -- of the last runs, to tell a pause from what is usual
) STRICT, WITHOUT ROWID;
CREATE INDEX articles_first_seen ON articles (first_seen) WHERE withdrawn = 0;
