/**
 * Declares the commands that profile checkpoints by their loss curves.
 *
 * <p>Read first: {@link org.encore.app.commands.profile.ProfileCommand}, then {@link
 * org.encore.app.commands.profile.ProfileStudyCommand}.
 *
 * <p>Invariants: as of {@code org.encore.app.commands}; what these commands measure is defined in {@code
 * org.encore.evaluation.profile} and {@code org.encore.evaluation.study}.
 *
 * <p>To change what a profile is made of, change {@link org.encore.app.commands.profile.ProfileOptions}.
 */
package org.encore.app.commands.profile;
