package org.encore.preferences.store;

import java.time.Instant;

/**
 * One occasion for which pairs were laid out.
 *
 * @param id its number in the database
 * @param name its name, different from all others
 * @param created when it was first named
 */
public record Session(long id, String name, Instant created) {}
