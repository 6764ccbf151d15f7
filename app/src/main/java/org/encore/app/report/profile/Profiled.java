package org.encore.app.report.profile;

import org.encore.evaluation.profile.Profile;

/**
 * The profile of a checkpoint.
 *
 * @param checkpoint as the user named it
 * @param profile what was measured
 */
public record Profiled(String checkpoint, Profile profile) {}
