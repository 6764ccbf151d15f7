package org.encore.rewards.trained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.rewards.networks.Network.Weight;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RewardDirectoryTest {
    @TempDir
    private Path temporary;

    private RewardDirectory written() throws IOException {
        return RewardDirectory.write(
                temporary.resolve("reward"),
                new TrainedReward(
                        "example",
                        "An example",
                        SpectrumSettings.defaults(),
                        Map.of("made_by_seed", 7),
                        List.of(new Weight("w", List.of(2, 2), new float[] {1.0f, -0.5f, 0.25f, 1.0f / 3}))));
    }

    @Test
    void comesBackAsItWasUpToHalfPrecision() throws IOException {
        written();
        RewardDirectory read = RewardDirectory.open(temporary.resolve("reward"));
        assertEquals("example", read.kind());
        assertEquals(SpectrumSettings.defaults(), read.settings(SpectrumSettings.class));
        assertEquals(List.of(2, 2), read.weights().get(0).shape());
        assertArrayEquals(
                new float[] {1.0f, -0.5f, 0.25f, 0.33325195f},
                read.weights().get(0).values());
    }

    @Test
    void theCardSaysWhatWasMeasured() throws IOException {
        written().record(new RewardReport(Map.of("accuracy", 0.75), "accuracy: 75 %"));
        String card = Files.readString(temporary.resolve("reward/README.md"));
        assertTrue(card.startsWith("# An example\n"), card);
        assertTrue(card.contains("| made by seed | 7 |"), card);
        assertTrue(card.endsWith("accuracy: 75 %\n"), card);
        String description = Files.readString(temporary.resolve("reward/reward.json"));
        assertTrue(description.contains("\"accuracy\" : 0.75"), description);
        Files.writeString(temporary.resolve("reward/reward.json"), description.replace("\"metrics\"", "\"figures\""));
        RewardDirectory former = RewardDirectory.open(temporary.resolve("reward"));
        assertEquals(0.75, former.metrics().path("accuracy").asDouble());
        former.record(new RewardReport(Map.of("accuracy", 0.5), "accuracy: 50 %"));
        RewardDirectory renewed = RewardDirectory.open(temporary.resolve("reward"));
        assertEquals(0.5, renewed.metrics().path("accuracy").asDouble());
        assertFalse(Files.readString(temporary.resolve("reward/reward.json")).contains("figures"));
        assertEquals(
                "example", RewardDirectory.open(temporary.resolve("reward")).kind());
    }

    @Test
    void refusesWhatIsNoReward() throws IOException {
        String absent = assertThrows(InvalidFileException.class, () -> RewardDirectory.open(temporary))
                .getMessage();
        assertTrue(absent.contains("reward.json"), absent);
        RewardDirectory reward = written();
        Path description = temporary.resolve("reward/reward.json");
        String text = Files.readString(description);
        Files.writeString(description, text.replace("\"format\" : 1", "\"format\" : 2"));
        assertRefused("has the format 2, but this Encore reads 1");
        Files.writeString(description, text.substring(0, 40));
        assertRefused("is not valid JSON");
        String settings = assertThrows(InvalidFileException.class, () -> reward.settings(Weight.class))
                .getMessage();
        assertTrue(settings.contains("its settings are not as they must be"), settings);
        Files.write(temporary.resolve("reward/model.safetensors"), new byte[5]);
        assertThrows(InvalidFileException.class, reward::weights);
    }

    private void assertRefused(String problem) {
        String message = assertThrows(
                        InvalidFileException.class, () -> RewardDirectory.open(temporary.resolve("reward")))
                .getMessage();
        assertTrue(message.contains(problem), message);
    }
}
