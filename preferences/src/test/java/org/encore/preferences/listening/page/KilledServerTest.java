package org.encore.preferences.listening.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.StoredVote;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed in the middle of many votes has lost none that it acknowledged. */
final class KilledServerTest {
    private static final int VISITORS = 40;
    private static final int PAIRS = 25;
    private static final int KILLED_AFTER = 400;
    private static final int MOST_SECONDS = 60;

    @TempDir
    private Path directory;

    @Test
    void acknowledgedVotesSurviveAKill() throws IOException, InterruptedException, ExecutionException {
        ServedTest.writeClips(directory, PAIRS, 0.02);
        Process server = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Server.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        CountDownLatch enough = new CountDownLatch(KILLED_AFTER);
        ExecutorService threads = Executors.newFixedThreadPool(VISITORS, Thread::new);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(lines.readLine());
            List<Future<Integer>> votes = new ArrayList<>();
            for (int i = 0; i < VISITORS; i++) {
                votes.add(threads.submit(() -> voteOnAll(Visitor.joined(port), acknowledged, enough)));
            }
            assertTrue(enough.await(MOST_SECONDS, TimeUnit.SECONDS), "acknowledged: " + acknowledged.size());
            server.destroyForcibly().waitFor();
            int sent = 0;
            for (Future<Integer> each : votes) {
                sent += each.get();
            }
            assertTrue(sent < VISITORS * PAIRS, "the server was killed in the middle, not at the end");
            assertTrue(sent > acknowledged.size(), "some votes were on their way");
        } finally {
            server.destroyForcibly();
            threads.shutdownNow();
        }
        try (PreferenceStore store = PreferenceStore.open(directory.resolve("judgements.db"), Clock.systemUTC())) {
            List<StoredVote> votes = store.votes();
            Set<String> kept = votes.stream().map(StoredVote::ballot).collect(Collectors.toSet());
            assertEquals(votes.size(), kept.size());
            assertTrue(kept.containsAll(acknowledged), "acknowledged " + acknowledged.size() + ", kept " + kept.size());
        }
    }

    /** Votes until all pairs are judged or the server is gone; returns how many votes were sent. */
    private static int voteOnAll(Visitor visitor, Set<String> acknowledged, CountDownLatch enough) {
        int sent = 0;
        try {
            for (int i = 0; i < PAIRS; i++) {
                JsonNode pair = visitor.standing().path("pair");
                visitor.fetch(pair);
                sent++;
                if (visitor.vote(pair, "tie").status() == 201) {
                    acknowledged.add(pair.path("id").textValue());
                    enough.countDown();
                }
            }
        } catch (UncheckedIOException gone) {
            return sent;
        }
        return sent;
    }

    /** The server in a process of its own: prints its port, and ends with the process that started it. */
    static final class Server {
        private Server() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            Rules rules = new Rules(1_000_000, 0.0, 20.0, 0.0);
            try (ServedTest served = ServedTest.start(
                            ServedTest.settings(directory, rules, ServedTest.loopback(ServedTest.patient())),
                            Clock.systemUTC());
                    FileInputStream parent = new FileInputStream(FileDescriptor.in);
                    PrintStream out =
                            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8)) {
                out.println(served.port());
                parent.transferTo(OutputStream.nullOutputStream()); // until the parent's end of the pipe is closed
            }
        }
    }
}
