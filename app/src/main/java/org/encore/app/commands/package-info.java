/**
 * Declares the commands: their options, and the calls that do the work.
 *
 * <p>Read first: {@link org.encore.app.commands.TrainCommand}, then {@link org.encore.app.commands.ConfigOptions.RunOptions}.
 *
 * <p>Invariants: a command reads its options, calls the modules below and reports; it computes nothing itself. It
 * returns or throws; the exit status is decided in {@code org.encore.app.terminal}.
 *
 * <p>To change a command, change its class; to add one, write a class here and name it in {@code
 * org.encore.app.Encore}.
 */
package org.encore.app.commands;
