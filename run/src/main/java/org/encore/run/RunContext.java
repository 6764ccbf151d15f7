package org.encore.run;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * What a run is given from outside.
 *
 * @param directory where it writes
 * @param resumeFrom the checkpoint it goes on from, if it does
 * @param progress hears how far it is
 * @param clock tells the time of what is measured; nothing that is computed depends on it
 */
public record RunContext(RunDirectory directory, Optional<Path> resumeFrom, Progress progress, Clock clock) {}
