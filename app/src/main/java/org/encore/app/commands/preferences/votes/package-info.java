/**
 * Commands that import and export votes and print their statistics.
 *
 * <p>Read first: {@link org.encore.app.commands.preferences.votes.AgreementCommand}.
 *
 * <p>Invariants: a file that cannot be read whole changes nothing.
 *
 * <p>To change which votes count, change {@link org.encore.app.commands.preferences.votes.FilterOptions}.
 */
package org.encore.app.commands.preferences.votes;
