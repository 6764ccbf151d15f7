/**
 * Checks the values of settings.
 *
 * <p>Read first: {@link org.encore.base.settings.Checks}.
 *
 * <p>Invariants: a settings record checks its values in its compact constructor; a message names the component, its value and
 * what is allowed. Whoever reads a configuration adds file, line and full key.
 *
 * <p>To change the wording of a range message, change it in {@link org.encore.base.settings.Checks}: it stands only there.
 */
package org.encore.base.settings;
