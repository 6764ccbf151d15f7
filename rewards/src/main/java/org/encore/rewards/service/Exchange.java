package org.encore.rewards.service;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Posts a request and waits for all of its answer, no longer than the settings say. */
final class Exchange {
    private static final double NANOS = 1e9;

    private final ServiceSettings settings;
    private final HttpClient client;

    /** A status and what came with it. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Reply(int status, byte[] body) {}

    /** There was no answer; the message is the end of a sentence that begins with the reward. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String problem) {
            super(problem);
        }
    }

    Exchange(ServiceSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofNanos(nanos()));
        if (settings.reach() == ServiceSettings.Reach.LOOPBACK) {
            builder.proxy(HttpClient.Builder.NO_PROXY);
        }
        this.client = builder.build();
    }

    private long nanos() {
        return (long) (settings.timeoutSeconds() * NANOS);
    }

    Reply post(byte[] body) throws NoAnswerException {
        HttpRequest request = HttpRequest.newBuilder(settings.uri())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
        try {
            // The time-out of a request ends with the headers of its answer; this one holds for the body as well.
            HttpResponse<byte[]> response = sent.get(nanos(), TimeUnit.NANOSECONDS);
            return new Reply(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new NoAnswerException("did not answer within " + settings.timeoutSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new NoAnswerException("could not be asked (" + reason + ")");
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new NoAnswerException("was interrupted");
        }
    }
}
