/**
 * The command that serves a listening test, from its start to an orderly end.
 *
 * <p>Read first: {@link org.encore.app.commands.preferences.listening.ServeCommand}.
 *
 * <p>Invariants: the store is closed before the process ends, however that comes about.
 *
 * <p>To change what listeners meet, change {@code org.encore.preferences.listening}.
 */
package org.encore.app.commands.preferences.listening;
