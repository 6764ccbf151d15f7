package org.encore.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigCommand;
import org.encore.app.terminal.ExitStatus.CommandFailedException;
import org.encore.app.terminal.ExitStatus.Failures;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class EncoreTest {
    /** What a run may end with. */
    @Command(name = "break")
    private static final class Break implements Callable<Integer> {
        private final Exception thrown;

        Break(Exception thrown) {
            this.thrown = thrown;
        }

        @Override
        public Integer call() throws Exception {
            throw thrown;
        }
    }

    /** A configuration. */
    record Settings(long seed, String name) {
        public static Settings defaults() {
            return new Settings(1, "x");
        }
    }

    private record Outcome(int status, String out, String err) {}

    @TempDir
    private Path directory;

    @Test
    void helpAndVersionSucceedForEveryCommand() {
        assertEquals(0, run("--version").status());
        assertEquals(0, run("--help").status());
        for (String command : Encore.commandLine().getSubcommands().keySet()) {
            Outcome outcome = run(command, "--help");
            assertEquals(0, outcome.status(), command);
            assertTrue(outcome.out().startsWith("Usage: encore " + command), outcome.out());
            assertTrue(run("--help").out().contains("\n  " + command), command + " is not listed");
        }
    }

    @Test
    void badUsageIsOneLineAndStatusTwo() {
        assertFailure(2, "encore: Missing required parameter: 'CONFIG'. See: encore train --help", "train");
        assertFailure(2, "encore: Missing required subcommand. See: encore --help");
        assertFailure(
                2, "encore: Unmatched argument at index 0: 'trian'. Did you mean train? See: encore --help", "trian");
        assertFailure(
                2, "encore: Missing required subcommand: show, check or keys. See: encore config --help", "config");
    }

    @Test
    void whatAnExceptionSaysDecidesTheStatus() {
        assertEnds(2, "clipRange is 2", new IllegalArgumentException("clipRange is 2"));
        assertEnds(2, "a.mid: is cut off", new InvalidFileException(Path.of("a.mid"), "is cut off"));
        assertEnds(2, "a.mid: does not exist", new NoSuchFileException("a.mid"));
        assertEnds(1, "reward x failed: no voices", new RewardFailure("x", new IllegalStateException("no voices")));
        assertEnds(2, "disk full", new IOException("disk\n   full\n"));
        assertEnds(1, "diverged at step 7", new CommandFailedException("diverged at step 7"));
    }

    @Test
    void anErrorOfEncoreItselfShowsItsTrace() {
        Outcome outcome = broken(new IllegalStateException("impossible"));
        assertEquals(1, outcome.status());
        assertTrue(outcome.err().startsWith("encore: impossible\njava.lang.IllegalStateException"), outcome.err());
    }

    @Test
    void debugShowsTheTraceOfAnExplainedFailure() {
        Outcome outcome = broken(new IllegalArgumentException("bad"), "--debug");
        assertEquals(2, outcome.status());
        assertTrue(outcome.err().contains("\tat " + EncoreTest.class.getName()), outcome.err());
    }

    @Test
    void configurationsAreShownAndChecked() throws IOException {
        Path file = Files.writeString(directory.resolve("c.yaml"), "seed: 5\n");
        assertEquals(new Outcome(0, "seed: 7\nname: x\n", ""), config("show", "" + file, "--set", "seed=7"));
        assertEquals(new Outcome(0, "{\"seed\":5,\"name\":\"x\"}\n", ""), config("show", "" + file, "--json"));
        Outcome check = config("check", "" + file, "--json");
        assertEquals(1, check.out().lines().count());
        assertTrue(check.out().contains("\"valid\":true"), check.out());
        Files.writeString(file, "sead: 5\n");
        assertEquals(
                new Outcome(
                        2,
                        "",
                        "encore: " + file
                                + ":1: sead is not known; did you mean seed?; the keys here are seed, name\n"),
                config("check", "" + file, "--json"));
        assertEquals(
                new Outcome(2, "", "encore: --for is sing, but must be one of train\n"),
                config("check", "" + file, "--for", "sing"));
    }

    private static void assertFailure(int status, String line, String... arguments) {
        assertEquals(new Outcome(status, "", line + "\n"), run(arguments));
    }

    private static void assertEnds(int status, String line, Exception thrown) {
        assertEquals(new Outcome(status, "", "encore: " + line + "\n"), broken(thrown));
    }

    private static Outcome broken(Exception thrown, String... arguments) {
        CommandLine line = Encore.commandLine().addSubcommand(new Break(thrown));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("break");
        return run(line, all.toArray(String[]::new));
    }

    private static Outcome config(String... arguments) {
        CommandLine line = new CommandLine(new ConfigCommand(Map.of("train", Settings.class)));
        return run(Encore.withFailures(line, new Failures(() -> false)), arguments);
    }

    private static Outcome run(String... arguments) {
        return run(Encore.commandLine(), arguments);
    }

    private static Outcome run(CommandLine line, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status =
                line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }
}
