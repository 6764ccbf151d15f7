-- A judgement that its rater took back: it stays, and counts no more.
CREATE TABLE withdrawals (
    judgement_id INTEGER PRIMARY KEY REFERENCES judgements (id),
    withdrawn_ms INTEGER NOT NULL
) STRICT;

-- What a rater wrote beside a judgement.
CREATE TABLE comments (
    judgement_id INTEGER PRIMARY KEY REFERENCES judgements (id),
    text         TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000)
) STRICT;

-- When a rater began a session, the consent they gave to its text (NULL if there was none), and whether the check of headphones
-- was passed (NULL if there was none).
CREATE TABLE beginnings (
    rater_id   INTEGER NOT NULL REFERENCES raters (id),
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    began_ms   INTEGER NOT NULL,
    consent    TEXT,
    headphones INTEGER CHECK (headphones IN (0, 1)),
    PRIMARY KEY (rater_id, session_id)
) STRICT;

CREATE TRIGGER withdrawals_keep BEFORE DELETE ON withdrawals
BEGIN SELECT RAISE(ABORT, 'withdrawals are never deleted'); END;
CREATE TRIGGER withdrawals_stay BEFORE UPDATE ON withdrawals
BEGIN SELECT RAISE(ABORT, 'withdrawals are never changed'); END;
CREATE TRIGGER comments_keep BEFORE DELETE ON comments
BEGIN SELECT RAISE(ABORT, 'comments are never deleted'); END;
CREATE TRIGGER comments_stay BEFORE UPDATE ON comments
BEGIN SELECT RAISE(ABORT, 'comments are never changed'); END;
CREATE TRIGGER comments_add BEFORE INSERT ON comments
WHEN EXISTS (SELECT 1 FROM comments WHERE judgement_id = NEW.judgement_id)
BEGIN SELECT RAISE(ABORT, 'comments are never replaced'); END;
CREATE TRIGGER beginnings_keep BEFORE DELETE ON beginnings
BEGIN SELECT RAISE(ABORT, 'beginnings are never deleted'); END;
CREATE TRIGGER beginnings_stay BEFORE UPDATE ON beginnings
BEGIN SELECT RAISE(ABORT, 'beginnings are never changed'); END;
CREATE TRIGGER beginnings_add BEFORE INSERT ON beginnings
WHEN EXISTS (SELECT 1 FROM beginnings WHERE rater_id = NEW.rater_id AND session_id = NEW.session_id)
BEGIN SELECT RAISE(ABORT, 'beginnings are never replaced'); END;
