/**
 * The database of votes: one append-only SQLite file.
 *
 * <p>Read first: {@link org.encore.preferences.store.PreferenceStore}, then the schema in the numbered SQL files of
 * this package's resources.
 *
 * <p>Legend: a session is one listening test or import, to which pairs belong; a judgement is a stored vote (the name
 * of its table); a ballot is one submission, whose key identifies a repeated submission.
 *
 * <p>Invariants: a vote is on disk when {@code record} returns, and survives a crash of process or machine; sessions,
 * clips, pairs, raters and judgements are never changed or deleted, which triggers in the database enforce for every
 * client; only keyed hashes of raters' tokens are stored.
 *
 * <p>To change the schema, add the next numbered SQL file and name it in {@code Migrations}; never edit one that was
 * released.
 */
package org.encore.preferences.store;
