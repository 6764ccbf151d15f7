package org.encore.preferences.store;

/**
 * Two clips to be compared.
 *
 * @param id its number in the database
 * @param prompt what both were made for, as the rater reads it; empty if nothing was asked
 * @param a one clip
 * @param b the other
 */
public record StoredPair(long id, String prompt, ClipFile a, ClipFile b) {}
