/**
 * Checks of the values of settings, and how settings appear in configurations.
 *
 * <p>Read first: {@link org.encore.base.settings.Checks}, then {@link org.encore.base.settings.Inlined}.
 *
 * <p>Invariants: a message is one line that begins with the name of the setting, so that a configuration can prefix its place; each kind of limit has one wording.
 *
 * <p>To change a wording, change {@link org.encore.base.settings.Checks}: no other class words a range.
 */
package org.encore.base.settings;
