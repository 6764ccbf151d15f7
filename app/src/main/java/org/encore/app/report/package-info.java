/**
 * Turns the directory of a run into a page to look at and listen to.
 *
 * <p>Read first: {@link org.encore.app.report.RunReport}, which is the order of the page.
 *
 * <p>Invariants: the page stands alone but for the sounds beside it, which it links to; it asks no network; every input
 * is optional, and a part without its input says so; writing it again from the same directory gives the same bytes.
 *
 * <p>To change the looks, change {@code report.css}; to change what moves, {@code report.js}; to add a part, give
 * {@link org.encore.app.report.RunReport} a method that writes it.
 */
package org.encore.app.report;
