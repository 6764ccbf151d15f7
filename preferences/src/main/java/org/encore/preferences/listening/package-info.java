/**
 * Blind listening tests in the browser: pairs of clips go out, judgements come back.
 *
 * <p>Read first: {@link org.encore.preferences.listening.ListeningSettings}, then
 * {@link org.encore.preferences.listening.ListeningTest}, which knows nothing of HTTP; the pages and the server are in
 * {@link org.encore.preferences.listening.page}.
 *
 * <p>Invariants: a vote is acknowledged after the store has it on the disk; a listener's page is never told the name of
 * a system, another listener's vote, or anything of a file but its sound.
 *
 * <p>To change what a configuration may say, change the records of settings; to change the course of a test, change
 * {@link org.encore.preferences.listening.ListeningTest}.
 */
package org.encore.preferences.listening;
