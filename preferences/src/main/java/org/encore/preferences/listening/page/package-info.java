/**
 * The listening test as web pages: a server with two pages, one for listeners and one for the organiser.
 *
 * <p>Read first: {@link org.encore.preferences.listening.page.ListeningServer} (what is served where), then {@link
 * org.encore.preferences.listening.page.ListenerRoutes} and {@link
 * org.encore.preferences.listening.page.OrganiserRoutes}. The pages themselves are plain HTML, CSS and JavaScript in
 * this package's resources.
 *
 * <p>Invariants: every response carries the headers of {@link org.encore.web.RequestGuard};
 * files are served by names from a fixed list, clips by random ids, so that no part of an address reaches the file
 * system; a page loads nothing from other machines.
 *
 * <p>To change what the pages look like, edit the resources; to add a request, add it
 * to one of the two routes and to docs/preferences.md.
 */
package org.encore.preferences.listening.page;
