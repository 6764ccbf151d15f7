/**
 * The steering page: a piece grows phrase by phrase while its player turns the dials of traits.
 *
 * <p>Read first: {@link org.encore.steering.page.SteeringServer} (what is served), then {@link org.encore.steering.page.Performance} (the piece, its takes, what can be taken back) and {@link org.encore.steering.page.Phrases}, with one kind for notes and one for sound. The page is plain HTML, CSS and JavaScript in this package's resources.
 *
 * <p>Invariants: what is exported is what was heard; same seed and same dials, same music; the page loads nothing from other machines ({@link org.encore.web.PageServer}).
 */
package org.encore.steering.page;
