-- Categories by number, the order of feeds in one text, and what a build has still to write.

-- What an article can be about. Number 0 stands for all articles.
CREATE TABLE categories (
    id          INTEGER PRIMARY KEY,
    scheme      TEXT NOT NULL,
    term        TEXT NOT NULL,
    label       TEXT NOT NULL,
    UNIQUE (scheme, term)
) STRICT;
INSERT INTO categories VALUES (0, '', 'all', 'All articles');
INSERT INTO categories (scheme, term, label) SELECT scheme, term, max(label) FROM tags GROUP BY scheme, term;
INSERT OR IGNORE INTO categories (scheme, term, label) SELECT scheme, term, term FROM feeds WHERE scheme <> '';

-- What feeds sort by: published, else first_seen, and then a part of the id.
ALTER TABLE articles ADD COLUMN rank TEXT NOT NULL DEFAULT '';
UPDATE articles SET rank = newest || ' ' || substr(iri, 10, 8);
DROP INDEX articles_newest;
ALTER TABLE articles DROP COLUMN newest;
CREATE INDEX articles_rank ON articles (rank) WHERE withdrawn = 0;
-- Over the row's other columns, so that damage can be told (identity.row_checksum).
ALTER TABLE articles ADD COLUMN checksum TEXT NOT NULL DEFAULT '';

-- What each article is about. lane: 1 subject, 0 mentioned, 2 a subject whose feed leaves it to a better
-- one; less by ten where the article is withdrawn. The index gives a feed's entries without a sort.
CREATE TABLE new_tags (
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    category    INTEGER NOT NULL REFERENCES categories (id),
    lane        INTEGER NOT NULL,
    score       REAL NOT NULL,
    evidence    TEXT NOT NULL,
    rank        TEXT NOT NULL,
    PRIMARY KEY (article, position)
) STRICT, WITHOUT ROWID;
INSERT INTO new_tags
    SELECT tags.article, tags.position, categories.id,
           (tags.role = 'subject') - 10 * articles.withdrawn, tags.score, tags.evidence, articles.rank
    FROM tags JOIN articles ON articles.id = tags.article
    JOIN categories ON categories.scheme = tags.scheme AND categories.term = tags.term;
DROP TABLE tags;
ALTER TABLE new_tags RENAME TO tags;
CREATE INDEX tags_rank ON tags (category, lane, rank, article);

-- How many articles of a category each month has; the months are those of `rank`.
CREATE TABLE months (
    category    INTEGER NOT NULL REFERENCES categories (id),
    lane        INTEGER NOT NULL,
    month       TEXT NOT NULL,             -- YYYY-MM
    articles    INTEGER NOT NULL,
    PRIMARY KEY (category, lane, month)
) STRICT, WITHOUT ROWID;
INSERT INTO months SELECT category, lane, substr(rank, 1, 7), count(*) FROM tags WHERE lane >= 0 GROUP BY 1, 2, 3;
INSERT INTO months SELECT 0, 1, substr(rank, 1, 7), count(*) FROM articles WHERE withdrawn = 0 GROUP BY 3;

-- A category gets its feed with its first article, and keeps it.
CREATE TABLE new_feeds (
    slug        TEXT PRIMARY KEY,
    category    INTEGER NOT NULL UNIQUE REFERENCES categories (id),
    updated     TEXT NOT NULL,             -- newest that was ever written; an empty feed keeps it
    weeks       TEXT NOT NULL DEFAULT '[]' -- articles in the last weeks, as JSON
) STRICT, WITHOUT ROWID;
INSERT INTO new_feeds (slug, category, updated)
    SELECT slug, categories.id, updated FROM feeds
    JOIN categories ON categories.scheme = feeds.scheme AND categories.term = feeds.term;
DROP TABLE feeds;
ALTER TABLE new_feeds RENAME TO feeds;

-- What the files do not show yet: the lowest rank that changed in each month of a category; the articles.
CREATE TABLE dirty (
    category    INTEGER NOT NULL REFERENCES categories (id),
    month       TEXT NOT NULL,
    rank        TEXT NOT NULL,
    PRIMARY KEY (category, month)
) STRICT, WITHOUT ROWID;
CREATE TABLE dirty_articles (
    article     INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE
) STRICT;

-- Entries as they are written, by format; made anew when their article changes.
CREATE TABLE rendered (
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    suffix      TEXT NOT NULL,
    entry       BLOB NOT NULL,
    PRIMARY KEY (article, suffix)
) STRICT;

-- What stands in the output, and since when each of its folders has held the same names.
CREATE TABLE files (
    path        TEXT PRIMARY KEY,
    digest      BLOB NOT NULL,             -- SHA-256
    head        INTEGER NOT NULL,          -- 1 where a reader or a person begins: in the manifest
    round       INTEGER NOT NULL           -- the whole writing that it belongs to
) STRICT, WITHOUT ROWID;
CREATE INDEX files_head ON files (path, digest) WHERE head;
CREATE INDEX files_round ON files (round, path);
CREATE TABLE output_folders (
    path        TEXT PRIMARY KEY,
    changed     INTEGER NOT NULL           -- ctime, ns
) STRICT, WITHOUT ROWID;
-- How many archive documents each month of a feed has (RFC 5005).
CREATE TABLE archives (
    slug        TEXT NOT NULL,
    month       TEXT NOT NULL,
    parts       INTEGER NOT NULL,
    PRIMARY KEY (slug, month)
) STRICT, WITHOUT ROWID;

-- The folders of captures, so that one that did not change needs no look at its files.
CREATE TABLE folders (
    id          INTEGER PRIMARY KEY,
    path        BLOB NOT NULL UNIQUE,
    changed     INTEGER NOT NULL,          -- ctime, ns; 0: look at its files
    files       INTEGER NOT NULL
) STRICT;
ALTER TABLE documents ADD COLUMN folder INTEGER REFERENCES folders (id);
CREATE INDEX documents_folder ON documents (folder) WHERE folder IS NOT NULL;
UPDATE articles SET checksum =
    checksum_of(iri, raw, dating, rank, first_seen, updated, digest, captured, bound, source, withdrawn);
