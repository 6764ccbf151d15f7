/**
 * What a run needs from the machine and leaves behind besides what the trainer writes.
 *
 * <p>Read first: {@link org.encore.app.runs.RunSession}.
 *
 * <p>Invariants: a run directory is complete before the first step: configuration, provenance, log.
 *
 * <p>To change what every run records, change {@link org.encore.app.runs.RunSession}.
 */
package org.encore.app.runs;
