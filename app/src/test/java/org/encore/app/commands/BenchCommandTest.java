package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.encore.app.Invocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is measured. */
final class BenchCommandTest {
    @TempDir
    private Path directory;

    @Test
    void badArgumentsAreOneLineAndStatusTwo() {
        assertRefused(2, "encore: runs is 0, but must lie in [1, 1000]", "engine", "--runs", "0");
        assertRefused(2, "encore: runs is 0, but must lie in [1, 1000]", "steering", "--runs", "0");
        assertRefused(
                2,
                "encore: --size is vast, but must be one of reference, musicgen-small",
                "steering",
                "--size",
                "vast");
        assertRefused(2, "encore: seconds is 0, but must lie in [1, 600]", "encodec", "--seconds", "0");
        assertRefused(2, "encore: a work is named twice", "engine", "--work", "train,train");
        assertRefused(2, "encore: Invalid value for option '--work'", "engine", "--work", "sing");
        assertRefused(2, "encore: " + directory + ": is a directory, but --out", "engine", "--out", "" + directory);
        assertRefused(2, "encore: Missing required subcommand: encodec, engine, kernels or steering");
    }

    /** The class path of the tests has neither LibTorch nor JMH, as a start without the launcher. */
    @Test
    void whatIsMissingIsNamedWithItsRemedy() {
        String out = directory.resolve("bench.json").toString();
        assertRefused(1, "encore: LibTorch is not on the class path: start this with", "engine", "--out", out);
        assertRefused(
                1, "encore: LibTorch is not on the class path: start this with ./encore bench encodec", "encodec");
        assertRefused(1, "encore: JMH is not on the class path: start this with", "kernels");
    }

    private static void assertRefused(int status, String beginning, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "bench";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        Invocation invocation = Invocation.here(all);
        assertEquals("", invocation.out());
        assertTrue(invocation.err().startsWith(beginning), invocation.err());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
        assertEquals(status, invocation.status());
    }
}
