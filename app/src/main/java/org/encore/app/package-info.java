/**
 * Runs Encore from the command line.
 *
 * <p>Read first: {@link org.encore.app.Encore}, which lists the commands.
 *
 * <p>Invariants: results go to standard output, everything else to standard error; with {@code --json} standard output
 * holds exactly one line. This module is the only one that prints and the only one that knows YAML.
 *
 * <p>To change the set of commands, write a class in {@code org.encore.app.commands} and name it in {@link
 * org.encore.app.Encore#commandLine}.
 */
package org.encore.app;
