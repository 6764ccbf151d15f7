package org.encore.rewards.adherence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.Split;
import org.encore.rewards.adherence.TextAdherence.HeldOutChoices;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;

/** The reward that ships: that it is the one its card speaks of. */
final class ShippedAdherenceTest {
    private static final Path SHIPPED = Path.of("..", "checkpoints", "rewards", "adherence");

    /** A sample of what the card is measured on: 30 clips are some 150 choices, so 5 % is about two deviations. */
    @Test
    void choosesAsWellAsItsCardSays() throws IOException {
        JsonNode metrics = RewardDirectory.open(SHIPPED).metrics();
        HeldOutChoices choices = HeldOutChoices.of(
                AdherenceReward.open("adherence", RewardDirectory.open(SHIPPED)),
                30,
                Split.DEVELOPMENT,
                Progress.none());
        double accuracy = (Double) choices.metrics().get("pick_accuracy");
        assertEquals(metrics.path("pick_accuracy").asDouble(), accuracy, 0.05);
        assertTrue(metrics.path("pick_accuracy").asDouble() >= 0.85, "pick_accuracy on the card");
        assertTrue(metrics.path("worst_attribute_accuracy").asDouble() >= 0.70, "worst_attribute_accuracy on the card");
    }

    /** Whoever changes the composer has to train again. */
    @Test
    void wasTrainedOnTheEtudesOfToday() throws IOException {
        JsonNode root = new ObjectMapper()
                .readTree(SHIPPED.resolve(RewardDirectory.DESCRIPTION).toFile());
        long seed = root.path("provenance").path("seed").asLong();
        assertEquals(
                new EtudeCorpus(seed).fingerprint(),
                root.path("provenance").path("corpus").asText());
    }
}
