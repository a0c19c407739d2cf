-- Find articles by their words. The index keeps no text of its own: what is taken out of it has to be given
-- as it was put in (store/search.py).
CREATE VIRTUAL TABLE search USING fts5 (
    headline, words, content='', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO search (rowid, headline, words) SELECT id, headline_of(raw), words_of(raw) FROM articles;
