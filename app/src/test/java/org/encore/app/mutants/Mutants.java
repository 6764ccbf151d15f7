package org.encore.app.mutants;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.encore.app.config.ConfigException;
import org.encore.app.terminal.ExitStatus;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;

/**
 * Reads many mutants of one kind of file: well formed on the outside, wrong inside.
 *
 * <p>Each must be read, or refused as a user sees it: an exception of exit status 2 whose one line names the file and
 * speaks of no class of ours; within five seconds and bounded memory. The property {@value #PROPERTY} sets the number of
 * mutants of every kind.
 */
final class Mutants {
    static final String PROPERTY = "encore.mutants";

    private static final int MOST_SECONDS = 5;
    private static final long MOST_BYTES = 512L << 20;
    private static final int MOST_CHARACTERS = 1000;
    private static final int MOST_FAULTS = 6;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path directory;
    private final String kind;
    private final int count;
    private final Map<String, String> faults = new LinkedHashMap<>();
    private int read;

    private Mutants(Path directory, String kind, int count) {
        this.directory = directory;
        this.kind = kind;
        this.count = Integer.getInteger(PROPERTY, count);
    }

    /** Makes the next mutant. */
    @FunctionalInterface
    interface Maker {
        void make(RandomGenerator random) throws IOException;
    }

    /** Reads it. */
    @FunctionalInterface
    interface Reader {
        void read() throws IOException;
    }

    /**
     * Tries mutants.
     *
     * @param directory where they lie; messages must name it
     * @param count how many, unless the property says otherwise
     */
    static void tryAll(Path directory, String kind, int count, Maker maker, Reader reader) throws IOException {
        Mutants mutants = new Mutants(directory, kind, count);
        mutants.run(maker, reader);
        assertTrue(
                mutants.faults.isEmpty(),
                () -> kind + ": " + mutants.faults.size() + " kinds of faults in " + mutants.count + " mutants:\n"
                        + String.join("\n", mutants.faults.values()));
        assertTrue(mutants.read > 0, kind + ": no mutant was read, so that only the first check was tested");
    }

    private void run(Maker maker, Reader reader) throws IOException {
        RandomStreams streams = new RandomStreams(kind.hashCode());
        ExecutorService worker = worker();
        try {
            for (int i = 0; i < count && faults.size() < MOST_FAULTS; i++) {
                maker.make(streams.stream(Purpose.SAMPLING, i));
                Future<Long> result = worker.submit(measured(reader));
                try {
                    long bytes = result.get(MOST_SECONDS, TimeUnit.SECONDS);
                    if (bytes > MOST_BYTES) {
                        fault("memory", i, "allocated " + bytes + " bytes");
                    }
                    read++;
                } catch (ExecutionException e) {
                    refusal(i, e.getCause());
                } catch (TimeoutException e) {
                    fault("hang", i, "no end after " + MOST_SECONDS + " s in " + stack(worker));
                    worker.shutdownNow();
                    worker = worker();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException(e);
                }
            }
        } finally {
            worker.shutdownNow();
        }
    }

    private static ExecutorService worker() {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "reader of mutants");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static Callable<Long> measured(Reader reader) {
        return () -> {
            long id = Thread.currentThread().getId();
            long before = THREADS.getThreadAllocatedBytes(id);
            reader.read();
            return THREADS.getThreadAllocatedBytes(id) - before;
        };
    }

    private static String stack(ExecutorService worker) {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals("reader of mutants") && !worker.isShutdown())
                .map(each -> trace(each.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private void refusal(int index, Throwable thrown) {
        String said = ExitStatus.explanation(thrown);
        boolean expected = thrown instanceof InvalidFileException
                || thrown instanceof ConfigException
                || thrown instanceof IOException
                || thrown.getClass() == IllegalArgumentException.class;
        if (!expected || ExitStatus.of(thrown) != ExitStatus.BAD_INPUT) {
            fault("exception", index, thrown + "\n" + trace(thrown.getStackTrace()));
        } else if (!said.contains(directory.toString())
                || said.lines().count() != 1
                || said.length() > MOST_CHARACTERS
                || said.matches(".*(\\[Source:|StreamReadFeature|`?(java|com|org|ai)\\.[a-z]+\\.[a-zA-Z.]+).*")
                || said.endsWith(": null")) {
            String shown = said.length() > MOST_CHARACTERS ? said.substring(0, 300) + "… " + said.length() : said;
            fault("message", index, "says \"" + shown + "\"\n" + trace(thrown.getStackTrace()));
        }
    }

    /** One example of each place that fails; the mutant is kept beside the others. */
    private void fault(String what, int index, String problem) {
        String place = what
                + problem.lines()
                        .skip(1)
                        .filter(line -> line.contains("org.encore"))
                        .limit(2)
                        .collect(Collectors.joining());
        faults.putIfAbsent(place, "mutant " + index + ": " + what + ": " + problem);
    }

    private static String trace(StackTraceElement[] frames) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement frame : frames) {
            if (lines.size() < 12 && !frame.getClassName().startsWith("java.util.stream")) {
                lines.add("    at " + frame);
            }
        }
        return String.join("\n", lines);
    }

    /** Copies a directory of files, not deeper, into a new one. */
    static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
