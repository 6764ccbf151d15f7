package org.encore.app.commands.preferences.listening;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.preferences.listening.ListeningTest;
import org.encore.preferences.listening.page.ListeningServer;
import org.encore.preferences.store.PreferenceStore;

/** A server and its store from the start to the end of the process, however that comes. */
final class ServingSession implements AutoCloseable {
    private final PreferenceStore store;
    private final Results results;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "stop serving");
    private volatile boolean stopping;
    private ListeningTest test;
    private ListeningServer server;

    ServingSession(PreferenceStore store, Results results) {
        this.store = store;
        this.results = results;
    }

    /** Takes care that the server is stopped before the process ends. */
    void serve(ListeningTest newTest, ListeningServer newServer) {
        test = newTest;
        server = newServer;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the process is being ended. */
    boolean isStopping() {
        return stopping;
    }

    /** Waits until the process was told to end and everything is closed. */
    void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /** Lets requests that have begun finish, closes the store and says what was recorded. */
    private void stop() {
        stopping = true;
        try {
            server.close();
            store.close();
            results.remark("stopped; " + test.votesGiven() + " votes since the start, all of them in "
                    + test.settings().database());
        } catch (IOException e) {
            results.remark("encore: " + ExitStatus.explanation(e));
        } finally {
            stopped.countDown();
        }
    }

    /** After a failure, or before anything was served. */
    @Override
    public void close() throws IOException {
        if (stopping) {
            return;
        }
        if (server != null) {
            Runtime.getRuntime().removeShutdownHook(hook);
            server.close();
        }
        store.close();
    }
}
