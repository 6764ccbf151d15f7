/**
 * Commands that bring judgements in and out and say what they say.
 *
 * <p>Read first: {@link org.encore.app.commands.preferences.votes.AgreementCommand}.
 *
 * <p>Invariants: a file that cannot be read whole changes nothing.
 *
 * <p>To change which votes count, change {@link org.encore.app.commands.preferences.votes.FilterOptions}.
 */
package org.encore.app.commands.preferences.votes;
