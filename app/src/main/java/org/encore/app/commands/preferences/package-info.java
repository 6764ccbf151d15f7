/**
 * The commands below {@code encore preferences}.
 *
 * <p>Read first: {@link org.encore.app.commands.preferences.PreferencesCommand}.
 *
 * <p>Invariants: as for all commands, what a command found goes to standard output and everything else to standard error.
 *
 * <p>To add a command, write it in the package of its like below this one (votes, learning, listening) and name it in
 * {@code PreferencesCommand}.
 */
package org.encore.app.commands.preferences;
