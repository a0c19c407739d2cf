-- So that a page can carry the names under which its article is found again.
CREATE INDEX keys_article ON keys (article);

-- A checksum over each row that can't be made anew, and over what is published as it is kept.

-- That of an article is over its tags, too (articles.CHECKED).
UPDATE articles SET checksum = checksum_of(
    iri, raw, dating, rank, first_seen, updated, digest, captured, bound, source, withdrawn,
    (SELECT group_concat(category || ' ' || lane || ' ' || score || ' ' || evidence, char(10))
     FROM (SELECT * FROM tags WHERE article = articles.id ORDER BY position))
);
ALTER TABLE facts ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
UPDATE facts SET checksum = checksum_of(name, value);
DROP TABLE rendered;
CREATE TABLE rendered (
    article     INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    suffix      TEXT NOT NULL,
    entry       BLOB NOT NULL,
    checksum    INTEGER NOT NULL,          -- CRC-32: an entry that does not fit is made anew
    PRIMARY KEY (article, suffix)
) STRICT;
