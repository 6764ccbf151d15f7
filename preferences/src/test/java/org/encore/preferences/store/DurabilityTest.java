package org.encore.preferences.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.encore.preferences.Preference;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Votes survive what happens to the programs that record them. */
final class DurabilityTest {
    private static final int ACKNOWLEDGED = 25;

    @TempDir
    private Path directory;

    @Test
    void acknowledgedVotesSurviveAKill() throws IOException, InterruptedException {
        Path file = directory.resolve("judgements.db");
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < ACKNOWLEDGED; i++) {
                acknowledged.add(lines.readLine());
            }
            writer.destroyForcibly().waitFor();
        }
        assertEquals(ACKNOWLEDGED, acknowledged.size(), "the writer stopped by itself");
        try (PreferenceStore store = PreferenceStore.open(file, Clock.systemUTC())) {
            List<String> kept = store.votes().stream().map(StoredVote::ballot).toList();
            assertTrue(kept.containsAll(acknowledged), "kept " + kept + " of " + acknowledged);
        }
    }

    @Test
    void writersTakeTurns() throws IOException, InterruptedException, ExecutionException {
        Path file = directory.resolve("judgements.db");
        int writers = 4;
        int votes = 25;
        ExecutorService threads = Executors.newFixedThreadPool(writers, Thread::new);
        try (PreferenceStore first = PreferenceStore.openOrCreate(file, Clock.systemUTC());
                PreferenceStore second = PreferenceStore.openOrCreate(file, Clock.systemUTC())) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                int writer = i;
                tasks.add(() -> {
                    for (int vote = 0; vote < votes; vote++) {
                        Writer.record(writer % 2 == 0 ? first : second, writer + "/" + vote);
                    }
                    return true;
                });
            }
            for (Future<Boolean> task : threads.invokeAll(tasks)) {
                assertTrue(task.get());
            }
            assertEquals(writers * votes, first.votes().size());
        } finally {
            threads.shutdown();
        }
    }

    /** Records votes until it is killed, and says of each when it was acknowledged. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
            try (PreferenceStore store = PreferenceStore.openOrCreate(Path.of(arguments[0]), Clock.systemUTC())) {
                for (int i = 0; ; i++) {
                    record(store, "ballot " + i);
                    out.println("ballot " + i);
                }
            }
        }

        static void record(PreferenceStore store, String ballot) throws IOException {
            ClipFile a = new ClipFile(Path.of("/clips/a.mid"), Optional.empty(), "");
            ClipFile b = new ClipFile(Path.of("/clips/b.mid"), Optional.empty(), "");
            Ballot.Opinion opinion = new Ballot.Opinion(
                    Preference.TIE, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
            long pair = store.pair(store.session("s"), "", a, b).id();
            store.record(new Ballot(ballot, pair, store.rater("r"), opinion, Optional.empty()));
        }
    }
}
