/**
 * What records of settings share: checks of their values, and how they appear in configurations.
 *
 * <p>Read first: {@link org.encore.base.settings.Checks}, then {@link org.encore.base.settings.Inlined}.
 *
 * <p>Invariants: a refusal is one line that begins with the name of the setting, so that a configuration can put the place
 * in front of it; each kind of limit has one wording.
 *
 * <p>To change a wording, change {@code Checks}; nobody else words a range.
 */
package org.encore.base.settings;
