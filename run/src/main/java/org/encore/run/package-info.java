/**
 * Keeps what a run leaves behind: its directory, metrics, curves and origins.
 *
 * <p>Read first: {@link org.encore.run.RunDirectory}, then {@link org.encore.run.MetricsLog}.
 *
 * <p>Invariants: a fresh run never writes over another; a resumed run leaves the metrics of an uninterrupted one; time
 * comes from a {@link java.time.Clock}. Nothing here prints.
 *
 * <p>To change where something is written, change {@link org.encore.run.RunDirectory}: names stand only there. To add a
 * metric, add it to {@link org.encore.run.MetricCatalogue}.
 */
package org.encore.run;
