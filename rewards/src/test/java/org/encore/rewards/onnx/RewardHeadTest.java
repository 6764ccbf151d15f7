package org.encore.rewards.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.onnx.Onnx.Windows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/rewards.md says of a preference head over frozen embeddings: {@code r = w · relu(W [e_sound; e_text] + b)} in one ONNX
 * model with its two encoders, here the mean and the maximum of what they read.
 */
class RewardHeadTest {
    private static final int RATE = 8000;
    private static final double[][] W = {{2, -1}, {0.5, 1}, {0.3, 0.2}, {-0.1, 0.4}};
    private static final double[] B = {0.1, -0.2};
    private static final double[] V = {1.5, -2};

    @TempDir
    private Path directory;

    private static float[] floats(double... values) {
        float[] floats = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> floats[i] = (float) values[i]);
        return floats;
    }

    private Path head() throws IOException {
        OnnxBytes.Attribute columns = new OnnxBytes.Attribute("axis", 1, false);
        OnnxBytes model = new OnnxBytes()
                .input("audio", OnnxBytes.FLOAT, -1, -1)
                .input("input_ids", OnnxBytes.INT64, -1, -1)
                .input("attention_mask", OnnxBytes.INT64, -1, -1)
                .constant(
                        "W",
                        new long[] {4, 2},
                        floats(W[0][0], W[0][1], W[1][0], W[1][1], W[2][0], W[2][1], W[3][0], W[3][1]))
                .constant("b", new long[] {2}, floats(B))
                .constant("w", new long[] {2, 1}, floats(V))
                .reduce("ReduceMean", "audio", "meanOfSound", 1)
                .reduce("ReduceMax", "audio", "maxOfSound", 1)
                .node("Mul", "input_ids", "attention_mask", "left")
                .node("Cast", "left", "", "numbers", new OnnxBytes.Attribute("to", OnnxBytes.FLOAT, false))
                .reduce("ReduceMean", "numbers", "meanOfText", 1)
                .reduce("ReduceMax", "numbers", "maxOfText", 1)
                .node("Concat", "meanOfSound", "maxOfSound", "sound", columns)
                .node("Concat", "meanOfText", "maxOfText", "text", columns)
                .node("Concat", "sound", "text", "both", columns)
                .node("MatMul", "both", "W", "product")
                .node("Add", "product", "b", "biased")
                .node("Relu", "biased", "", "hidden")
                .node("MatMul", "hidden", "w", "reward")
                .output("reward", -1, 1);
        return Files.write(directory.resolve("preferred.onnx"), model.model());
    }

    private static double expected(float[] x, int from, int to, int[] ids) {
        double[] both = {
            IntStream.range(from, to).mapToDouble(i -> x[i]).average().orElseThrow(),
            IntStream.range(from, to).mapToDouble(i -> x[i]).max().orElseThrow(),
            IntStream.of(ids).average().orElseThrow(),
            IntStream.of(ids).max().orElseThrow()
        };
        double reward = 0;
        for (int h = 0; h < 2; h++) {
            double hidden = B[h];
            for (int i = 0; i < 4; i++) {
                hidden += both[i] * W[i][h];
            }
            reward += V[h] * Math.max(0, hidden);
        }
        return reward;
    }

    private static Sample sample(String prompt, float level) {
        float[] x = new float[2500];
        for (int i = 0; i < x.length; i++) {
            x[i] = level * (float) Math.sin(0.01 * i);
        }
        return Sample.of(new Prompt(prompt, Attributes.NONE), Clip.of(new Waveform(x, RATE)));
    }

    /** Of each of two clips the mean of the rewards of its first and its last window; their difference is the log-odds of the vote. */
    @Test
    void aHeadOverEmbeddingsScoresTheFirstAndTheLastWindow() throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "slow", "piano", "waltz"), directory);
        Path tokenizer = directory.resolve(TextTokenizer.FILE);
        Onnx settings = new Onnx(
                head(),
                List.of(
                        new OnnxInput.Waveform("audio", RATE, false),
                        new OnnxInput.Tokens("input_ids", Optional.of("attention_mask"), tokenizer, 8, false, 0)),
                "reward",
                Optional.empty(),
                Optional.of(0.25),
                Windows.FIRST_AND_LAST,
                1,
                600.0);
        List<Sample> pair = List.of(sample("slow piano", 0.9f), sample("slow piano", 0.2f));
        try (OnnxReward reward = new OnnxReward("preferred", settings);
                TextTokenizer words = TextTokenizer.load(directory, 8)) {
            int[] ids = words.encode("slow piano");
            List<Score> scores = reward.score(pair);
            for (int i = 0; i < 2; i++) {
                float[] x = pair.get(i).clip().waveform().samples();
                double mean = (expected(x, 0, 2000, ids) + expected(x, 500, 2500, ids)) / 2;
                assertEquals(mean, scores.get(i).value(), 1e-5);
            }
            assertNotEquals(scores.get(0).value(), scores.get(1).value(), 1e-3);
            assertNotEquals(
                    scores.get(0).value(),
                    reward.score(List.of(sample("waltz", 0.9f))).get(0).value(),
                    1e-3);
        }
    }
}
