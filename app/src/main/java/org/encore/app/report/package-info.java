/**
 * Writes HTML pages: the report of a run, the comparison of several, and the pages and tables of profiles.
 *
 * <p>Read first: {@link org.encore.app.report.RunReport}, which has the order of the sections; then
 * {@link org.encore.app.report.ForestPlot} for differences, {@link
 * org.encore.app.report.ChartPlan} for metrics and {@link org.encore.app.report.SampleGallery} for samples.
 *
 * <p>Invariants: a page is self-contained except for the sound files that it links to, and uses no network; every input is
 * optional, and a section without its input says so; the same directory gives the same bytes.
 *
 * <p>To change the style, change {@code report.css}; to change the behaviour, {@code report.js}; to add a section, give
 * {@link org.encore.app.report.RunReport} a method that writes it.
 */
package org.encore.app.report;
