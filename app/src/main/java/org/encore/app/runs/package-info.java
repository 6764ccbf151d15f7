/**
 * Opens runs, and the kernels and paths of this machine.
 *
 * <p>Read first: {@link org.encore.app.runs.RunSession}.
 *
 * <p>Invariants: a run directory has its configuration, provenance and log before the first step; a divergence or a failed
 * reward ends a command with one line and exit status 1.
 *
 * <p>To change what every run records, change {@link org.encore.app.runs.RunSession}.
 */
package org.encore.app.runs;
