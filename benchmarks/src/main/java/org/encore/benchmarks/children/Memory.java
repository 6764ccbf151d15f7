package org.encore.benchmarks.children;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has taken. */
final class Memory {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";

    private Memory() {}

    /** The most physical memory the process has had, in bytes; 0 where the system does not say. */
    static long peakBytes() throws IOException {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith(PEAK)) {
                String kilobytes =
                        line.substring(PEAK.length()).replace("kB", "").strip();
                return Long.parseLong(kilobytes) * 1024;
            }
        }
        return 0;
    }
}
