/**
 * Votes in files: lines of JSON in our form, in the form of public arenas, and ratings that become votes.
 *
 * <p>Read first: {@link org.encore.preferences.exchange.VoteFiles}, then the forms it knows.
 *
 * <p>Invariants: a line that cannot be used is named by file and number, with what is allowed; nothing of a file is
 * imported if one line is bad; importing a file twice adds nothing.
 *
 * <p>To accept another form of line, add it to {@code VoteForm}.
 */
package org.encore.preferences.exchange;
