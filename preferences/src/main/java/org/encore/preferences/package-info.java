/**
 * What listeners prefer: votes on pairs of clips, their database, their statistics, and the reward learned from them.
 *
 * <p>Read first: {@link org.encore.preferences.Vote}, then {@link org.encore.preferences.store.PreferenceStore}.
 *
 * <p>Legend: a pair is two clips, a and b, made for one prompt; a vote is what one rater said about one pair; strict
 * votes prefer one side.
 *
 * <p>Invariants: a and b are names of clips, not of places on a page, so that no figure here depends on which clip was
 * shown first; raters are known by pseudonyms only.
 *
 * <p>To change what a rater can say, change {@link org.encore.preferences.Preference}, and with it the check in the
 * schema of the store by a new migration.
 */
package org.encore.preferences;
