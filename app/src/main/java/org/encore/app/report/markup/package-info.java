/**
 * Writes well-formed markup and readable numbers.
 *
 * <p>Read first: {@link org.encore.app.report.markup.Html}.
 *
 * <p>Invariants: text and attributes are escaped where they are written, and nowhere else; every page is HTML and
 * well-formed XML at the same time, so a test can parse it.
 *
 * <p>To change how numbers look everywhere, change {@link org.encore.app.report.markup.Numerals}.
 */
package org.encore.app.report.markup;
