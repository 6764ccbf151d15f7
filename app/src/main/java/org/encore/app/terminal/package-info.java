/**
 * Writes results, progress, failures and the log of a run.
 *
 * <p>Read first: {@link org.encore.app.terminal.ExitStatus}, then {@link org.encore.app.terminal.Results}.
 *
 * <p>Invariants: standard output carries results only; a failure is one line on standard error.
 *
 * <p>To change what a failure looks like, change {@link org.encore.app.terminal.ExitStatus.Failures}.
 */
package org.encore.app.terminal;
