/**
 * Loss-curve profiles as files: JSON, CSV, pictures and a page.
 *
 * <p>Read first: {@link org.encore.app.report.profile.ProfileFiles}.
 *
 * <p>Invariants: the numbers of a picture, a table and a page are those of the JSON; a figure that is not defined is null
 * there, empty in CSV and a dash for people.
 *
 * <p>To show another figure, name it in {@link org.encore.app.report.profile.ProfileTree}.
 */
package org.encore.app.report.profile;
