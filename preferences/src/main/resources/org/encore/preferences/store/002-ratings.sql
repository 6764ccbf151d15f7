-- Ratings of the two clips of a judgement, from 1 (bad) to 5 (excellent); NULL if none were given.
ALTER TABLE judgements ADD COLUMN rating_a REAL CHECK (rating_a BETWEEN 1 AND 5);
ALTER TABLE judgements ADD COLUMN rating_b REAL CHECK (rating_b BETWEEN 1 AND 5);
