package org.encore.rewards.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.service.Exchange.NoAnswerException;

/**
 * Asks a scorer that listens for HTTP requests, usually on this machine and in another language.
 *
 * <p>Requests that get no answer in time, cannot be delivered, or meet status 429 or 5xx are made again after a pause;
 * any other breach of the protocol is a failure at once. The protocol stands in docs/extending.md.
 */
public final class ServiceReward implements RewardModel {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_OF_SERVER_ERRORS = 500;
    private static final int OK = 200;
    private static final int MOST_OF_BODY = 200;

    private final String id;
    private final ServiceSettings settings;
    private final Exchange exchange;

    public ServiceReward(String id, ServiceSettings settings) {
        this.id = Objects.requireNonNull(id, "id");
        this.settings = settings;
        this.exchange = new Exchange(settings);
    }

    @Override
    public String id() {
        return id;
    }

    /**
     * Asks about a batch, some samples at a time.
     *
     * @throws RewardFailure if the service does not answer as it must
     */
    @Override
    public List<Score> score(List<Sample> batch) {
        List<Score> scores = new ArrayList<>();
        for (int from = 0; from < batch.size(); from += settings.batch()) {
            List<Sample> some = batch.subList(from, Math.min(batch.size(), from + settings.batch()));
            try (Question question = Question.about(id, some, settings)) {
                scores.addAll(answer(question));
            } catch (IOException e) {
                throw new RewardFailure(id, e);
            }
        }
        return scores;
    }

    private List<Score> answer(Question question) {
        String problem = "";
        for (int attempt = 0; attempt < settings.attempts(); attempt++) {
            pause(attempt);
            try {
                Exchange.Reply reply = exchange.post(question.body());
                if (reply.status() == OK) {
                    return Answer.read(id, reply.body(), question.samples());
                }
                problem = "answered with status " + reply.status() + ": " + beginning(reply.body());
                if (reply.status() < FIRST_OF_SERVER_ERRORS && reply.status() != TOO_MANY_REQUESTS) {
                    throw failure(problem, 1);
                }
            } catch (NoAnswerException e) {
                problem = e.getMessage();
            }
        }
        throw failure(problem, settings.attempts());
    }

    private RewardFailure failure(String problem, int times) {
        return new RewardFailure(
                id, problem + (times == 1 ? "" : ", " + times + " times") + "; it is asked at " + settings.url());
    }

    private void pause(int attempt) {
        if (attempt > 0) {
            long nanos = (long) (1e9 * settings.backoffSeconds() * Math.pow(2.0, attempt - 1.0));
            CompletableFuture.runAsync(
                            () -> {}, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, Runnable::run))
                    .join();
        }
    }

    private static String beginning(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("nothing");
        return line.length() <= MOST_OF_BODY ? line : line.substring(0, MOST_OF_BODY) + "…";
    }
}
