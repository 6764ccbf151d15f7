/**
 * The database of judgements: one SQLite file that only grows.
 *
 * <p>Read first: {@link org.encore.preferences.store.PreferenceStore}, then the schema in the numbered SQL files of this
 * package's resources.
 *
 * <p>Legend: a session is one occasion for which pairs were laid out, e.g. a listening test or an import; a ballot is one
 * submission, and its key makes a repeated submission recognisable.
 *
 * <p>Invariants: what {@code record} returned for is on the disk, even if the process is killed or the machine loses
 * power the moment after; sessions, clips, pairs, raters and judgements are never changed and never deleted, which
 * triggers in the database enforce against every client; tokens of raters are not stored, only keyed hashes of them.
 *
 * <p>To change the schema, add the next numbered SQL file and name it in {@code Migrations}; never edit one that was
 * released.
 */
package org.encore.preferences.store;
