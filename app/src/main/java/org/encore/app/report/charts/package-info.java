/**
 * Draws the figures of a run as line charts in SVG.
 *
 * <p>Read first: {@link org.encore.app.report.charts.Metrics}, then {@link org.encore.app.report.charts.ChartPlan}.
 *
 * <p>Coordinates are those of the drawing: x to the right, y downwards, 1 about a pixel on a desk. A point whose value
 * was not finite breaks its curve.
 *
 * <p>Invariant: every figure of the log is in some chart.
 *
 * <p>To change which figures share a chart, change the rules in {@link org.encore.app.report.charts.ChartPlan}.
 */
package org.encore.app.report.charts;
