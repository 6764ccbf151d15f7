/**
 * Preferences of listeners: votes on pairs of clips, their database, their statistics, and preference models.
 *
 * <p>Read first: {@link org.encore.preferences.Vote}, then {@link org.encore.preferences.store.PreferenceStore}.
 *
 * <p>Legend: a pair is two clips, a and b, with the same prompt; a vote is the preference of one rater for one pair;
 * strict votes prefer one clip.
 *
 * <p>Invariants: a and b are names of clips, not of sides of a page, so that no metric depends on which clip was shown
 * first; raters are known by pseudonyms only.
 *
 * <p>To change the possible answers, change {@link org.encore.preferences.Preference}, and the check in the schema of
 * the store by a new migration.
 */
package org.encore.preferences;
