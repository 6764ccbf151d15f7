-- Judgements of pairs of clips. Times are milliseconds since 1970-01-01 UTC; an empty text means "unknown".

-- Settings of the database itself: rater_key, with which tokens of raters are hashed.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- One occasion for which pairs were laid out: a listening test, an import.
CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE CHECK (length(name) > 0),
    created_ms INTEGER NOT NULL
) STRICT;

-- A file of sound or notes. path is relative to the database where the file lies below its directory.
CREATE TABLE clips (
    id     INTEGER PRIMARY KEY,
    path   TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) IN (0, 64)),
    system TEXT NOT NULL,
    UNIQUE (path, sha256, system)
) STRICT;

-- Two clips to be compared, made for one prompt.
CREATE TABLE pairs (
    id         INTEGER PRIMARY KEY,
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    prompt     TEXT    NOT NULL,
    clip_a     INTEGER NOT NULL REFERENCES clips (id),
    clip_b     INTEGER NOT NULL REFERENCES clips (id),
    UNIQUE (session_id, prompt, clip_a, clip_b)
) STRICT;

-- Who judges, known only by the keyed hash of the token that was given to them.
CREATE TABLE raters (
    id         INTEGER PRIMARY KEY,
    token_hash TEXT    NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    joined_ms  INTEGER NOT NULL
) STRICT;

-- What a rater said. ballot is the same for repeated submissions of one vote.
CREATE TABLE judgements (
    id           INTEGER PRIMARY KEY,
    ballot       TEXT    NOT NULL UNIQUE CHECK (length(ballot) > 0),
    pair_id      INTEGER NOT NULL REFERENCES pairs (id),
    rater_id     INTEGER NOT NULL REFERENCES raters (id),
    preferred    TEXT    NOT NULL CHECK (preferred IN ('a', 'b', 'tie', 'both_bad', 'skip')),
    listened_a_s REAL CHECK (listened_a_s >= 0),
    listened_b_s REAL CHECK (listened_b_s >= 0),
    shown_first  TEXT CHECK (shown_first IN ('a', 'b')),
    judged_ms    INTEGER,
    recorded_ms  INTEGER NOT NULL
) STRICT;

CREATE INDEX judgements_by_pair ON judgements (pair_id);
CREATE INDEX judgements_by_rater ON judgements (rater_id);

-- Nothing that was said is ever unsaid, whichever program opens the file. INSERT OR REPLACE deletes without firing
-- triggers on deletion, hence the triggers on insertion.
CREATE TRIGGER judgements_keep BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never deleted'); END;
CREATE TRIGGER judgements_stay BEFORE UPDATE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are never changed'); END;
CREATE TRIGGER judgements_add BEFORE INSERT ON judgements
WHEN EXISTS (SELECT 1 FROM judgements WHERE id = NEW.id OR ballot = NEW.ballot)
BEGIN SELECT RAISE(ABORT, 'judgements are never replaced'); END;

-- What judgements refer to stays as well.
CREATE TRIGGER pairs_keep BEFORE DELETE ON pairs
BEGIN SELECT RAISE(ABORT, 'pairs are never deleted'); END;
CREATE TRIGGER pairs_stay BEFORE UPDATE ON pairs
BEGIN SELECT RAISE(ABORT, 'pairs are never changed'); END;
CREATE TRIGGER pairs_add BEFORE INSERT ON pairs
WHEN EXISTS (SELECT 1 FROM pairs WHERE id = NEW.id OR (session_id = NEW.session_id AND prompt = NEW.prompt
    AND clip_a = NEW.clip_a AND clip_b = NEW.clip_b))
BEGIN SELECT RAISE(ABORT, 'pairs are never replaced'); END;

CREATE TRIGGER clips_keep BEFORE DELETE ON clips
BEGIN SELECT RAISE(ABORT, 'clips are never deleted'); END;
CREATE TRIGGER clips_stay BEFORE UPDATE ON clips
BEGIN SELECT RAISE(ABORT, 'clips are never changed'); END;
CREATE TRIGGER clips_add BEFORE INSERT ON clips
WHEN EXISTS (SELECT 1 FROM clips WHERE id = NEW.id OR (path = NEW.path AND sha256 = NEW.sha256
    AND system = NEW.system))
BEGIN SELECT RAISE(ABORT, 'clips are never replaced'); END;

CREATE TRIGGER raters_keep BEFORE DELETE ON raters
BEGIN SELECT RAISE(ABORT, 'raters are never deleted'); END;
CREATE TRIGGER raters_stay BEFORE UPDATE ON raters
BEGIN SELECT RAISE(ABORT, 'raters are never changed'); END;
CREATE TRIGGER raters_add BEFORE INSERT ON raters
WHEN EXISTS (SELECT 1 FROM raters WHERE id = NEW.id OR token_hash = NEW.token_hash)
BEGIN SELECT RAISE(ABORT, 'raters are never replaced'); END;

CREATE TRIGGER sessions_keep BEFORE DELETE ON sessions
BEGIN SELECT RAISE(ABORT, 'sessions are never deleted'); END;
CREATE TRIGGER sessions_stay BEFORE UPDATE ON sessions
BEGIN SELECT RAISE(ABORT, 'sessions are never changed'); END;
CREATE TRIGGER sessions_add BEFORE INSERT ON sessions
WHEN EXISTS (SELECT 1 FROM sessions WHERE id = NEW.id OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'sessions are never replaced'); END;
