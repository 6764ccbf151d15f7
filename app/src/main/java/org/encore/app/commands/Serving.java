package org.encore.app.commands;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;

/** What a command serves until it is stopped, by Ctrl-C or SIGTERM, and closed before the process ends. */
final class Serving implements AutoCloseable {
    private final Results results;
    private final Deque<Closing> open = new ArrayDeque<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop serving");
    private volatile boolean stopping;
    private boolean begun;
    private Supplier<String> farewell;

    /** Closes something. */
    @FunctionalInterface
    interface Closing {
        void close() throws IOException;
    }

    Serving(Results results) {
        this.results = results;
    }

    /** Will be closed, before what came earlier. */
    void closes(Closing closing) {
        open.push(closing);
    }

    /**
     * From now on, the end of the process waits until everything is closed.
     *
     * @param said then on standard error
     */
    void begin(Supplier<String> said) {
        farewell = said;
        begun = true;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process is ending. */
    boolean isStopping() {
        return stopping;
    }

    /** Waits until the process ends and everything is closed. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Lets running requests finish. */
    private void stop() {
        stopping = true;
        try {
            closeAll();
            results.note(farewell.get());
        } catch (IOException e) {
            results.note("encore: " + ExitStatus.explanation(e));
        } finally {
            stopped.countDown();
        }
    }

    private void closeAll() throws IOException {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    /** Closes after a failure. */
    @Override
    public void close() throws IOException {
        if (stopping) {
            return;
        }
        if (begun) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        closeAll();
    }
}
