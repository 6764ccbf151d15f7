/**
 * Declares the commands: their options, and the calls that do the work.
 *
 * <p>Read first: {@link org.encore.app.commands.TrainCommand}, then {@link org.encore.app.commands.ConfigOptions.RunOptions}.
 *
 * <p>Invariants: a command reads its options, calls the modules below and reports; it computes nothing itself. It returns or
 * throws; {@link org.encore.app.terminal.ExitStatus} decides the exit status. Metrics of a model come from votes that it was
 * not trained on, and a command that prints them says when they are no better than chance. Only {@link
 * org.encore.app.commands.BenchCommand} may need LibTorch or JMH, which the launcher adds to the class path for it alone.
 *
 * <p>To change a command, change its class; to add one, write a class here and name it in {@code org.encore.app.Encore} or in
 * {@link org.encore.app.commands.PreferencesCommand}.
 */
package org.encore.app.commands;
