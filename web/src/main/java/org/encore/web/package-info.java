/**
 * Servers of web pages for people near this machine: what the listening test and the steering page have in common.
 *
 * <p>Read first: {@link org.encore.web.PageServer}. {@link org.encore.web.PageFile} is a file of a page, {@link org.encore.web.Json} reads and writes bodies, {@link org.encore.web.Refusal} says no, {@link org.encore.web.Secrets} makes tokens and compares them. The resources hold what pages share: {@code base.css}, {@code server.js}, {@code icon.svg}.
 *
 * <p>Invariants: every response carries the headers of {@link org.encore.web.RequestGuard}; files are served by names from a fixed list, so that no part of an address reaches the file system; a page loads nothing from other machines.
 */
package org.encore.web;
