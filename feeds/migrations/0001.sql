-- What was seen. A document is known by its source (the printable path), size and time.
CREATE TABLE documents (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL UNIQUE,
    signature   TEXT NOT NULL,             -- of the file; another one means: look again
    digest      TEXT,                      -- SHA-256 of its bytes, NULL where they could not be read
    captured    TEXT,                      -- where the document states it
    gone        INTEGER NOT NULL DEFAULT 0, -- 1 when the file is no longer there
    container   INTEGER REFERENCES documents (id) ON DELETE CASCADE -- the archive that it stands in
) STRICT;
CREATE INDEX documents_container ON documents (container) WHERE container IS NOT NULL;

-- What was wrong with it, as it was reported.
CREATE TABLE problems (
    document    INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    line        INTEGER,
    message     TEXT NOT NULL
) STRICT;
CREATE INDEX problems_document ON problems (document);

-- The articles, each once, under an id that never changes.
CREATE TABLE articles (
    id          INTEGER PRIMARY KEY,
    iri         TEXT NOT NULL UNIQUE,
    raw         TEXT NOT NULL,             -- RawArticle as JSON
    dating      TEXT NOT NULL,             -- Dating as JSON
    newest      TEXT NOT NULL,             -- what feeds sort by: published, else first_seen
    first_seen  TEXT NOT NULL,
    updated     TEXT NOT NULL UNIQUE,      -- no two entries share one
    digest      TEXT NOT NULL,             -- of the words that matter
    captured    TEXT,                      -- of the words kept, where their document states it
    bound       TEXT NOT NULL,             -- the latest that they can be from: captured, else the file's time
    source      TEXT NOT NULL,             -- the document that they come from
    withdrawn   INTEGER NOT NULL DEFAULT 0 -- 1 when a better reading of the same bytes no longer finds it
) STRICT;
CREATE INDEX articles_newest ON articles (newest DESC, iri) WHERE withdrawn = 0;

-- The names under which an article is found again (identity.keys, hashed).
CREATE TABLE keys (
    key         TEXT PRIMARY KEY,
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which document gave which article, and in which words.
CREATE TABLE sightings (
    document    INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    digest      TEXT NOT NULL,
    PRIMARY KEY (document, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX sightings_article ON sightings (article);

-- What each article is about. The second index gives the newest of a category without a sort.
CREATE TABLE tags (
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    scheme      TEXT NOT NULL,
    term        TEXT NOT NULL,
    label       TEXT NOT NULL,
    role        TEXT NOT NULL,
    score       REAL NOT NULL,
    evidence    TEXT NOT NULL,
    newest      TEXT NOT NULL,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_category ON tags (scheme, term, newest DESC, article);

-- A category gets its feed with its first article, and keeps it.
CREATE TABLE feeds (
    slug        TEXT PRIMARY KEY,
    scheme      TEXT NOT NULL,
    term        TEXT NOT NULL,
    updated     TEXT NOT NULL              -- newest that was ever written; an empty feed keeps it
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX feeds_category ON feeds (scheme, term);

CREATE TABLE facts (
    name        TEXT PRIMARY KEY,
    value       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
