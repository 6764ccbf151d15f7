/**
 * Blind listening tests in the browser: listeners compare pairs of clips and vote.
 *
 * <p>Read first: {@link org.encore.preferences.listening.ListeningSettings}, then
 * {@link org.encore.preferences.listening.ListeningTest}, which is independent of HTTP; the pages and the server are in
 * {@link org.encore.preferences.listening.page}.
 *
 * <p>Invariants: a vote is acknowledged after the store has written it to disk; a listener's page never receives the
 * name of a system, another listener's vote, or anything of a file but its sound.
 *
 * <p>To change the configuration, change the records of settings; to change the course of a test, change
 * {@link org.encore.preferences.listening.ListeningTest}.
 */
package org.encore.preferences.listening;
