package org.encore.rewards.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.base.files.InvalidFileException;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.onnx.Onnx.Companion;
import org.encore.rewards.onnx.Onnx.Windows;
import org.encore.rewards.onnx.OnnxInput.LogMel;
import org.encore.rewards.onnx.OnnxInput.LogMel.Axes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are written here, byte by byte, against their formulas. */
class OnnxRewardTest {
    private static final int RATE = 8000;
    private static final double TOLERANCE = 1e-5;
    private static final double PLENTY = 600.0;

    @TempDir
    private Path directory;

    private Path file(String name, OnnxBytes model) {
        try {
            return Files.write(directory.resolve(name), model.model());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Estimates 1 + 4 · mean |x|, as a scalar for each sample. */
    private Path opinion() {
        return file(
                "opinion.onnx",
                new OnnxBytes()
                        .input("audio", OnnxBytes.FLOAT, -1, -1)
                        .constant("four", 4.0f)
                        .constant("one", 1.0f)
                        .node("Abs", "audio", "", "size")
                        .reduce("ReduceMean", "size", "mean", 1)
                        .node("Mul", "mean", "four", "scaled")
                        .node("Add", "scaled", "one", "mos")
                        .output("mos", -1, 1));
    }

    /** Embeds sound as (mean x, max x). */
    private Path features() {
        return file(
                "hearing.onnx", embedding(new OnnxBytes().input("audio", OnnxBytes.FLOAT, -1, -1), "audio", "heard"));
    }

    /** Embeds token ids as (mean, max) of those that the mask leaves. */
    private Path reading() {
        return file(
                "reading.onnx",
                embedding(
                        new OnnxBytes()
                                .input("input_ids", OnnxBytes.INT64, -1, -1)
                                .input("attention_mask", OnnxBytes.INT64, -1, -1)
                                .node("Mul", "input_ids", "attention_mask", "left")
                                .node(
                                        "Cast",
                                        "left",
                                        "",
                                        "numbers",
                                        new OnnxBytes.Attribute("to", OnnxBytes.FLOAT, false)),
                        "numbers",
                        "read"));
    }

    private static OnnxBytes embedding(OnnxBytes model, String from, String output) {
        return model.reduce("ReduceMean", from, "mean", 1)
                .reduce("ReduceMax", from, "max", 1)
                .node("Concat", "mean", "max", output, new OnnxBytes.Attribute("axis", 1, false))
                .output(output, -1, 2);
    }

    private Path tokenizer() throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "slow", "piano", "waltz"), directory);
        return directory.resolve(TextTokenizer.FILE);
    }

    private static Waveform sound(int samples, int seed) {
        float[] values = new float[samples];
        for (int i = 0; i < samples; i++) {
            values[i] = (float) (0.1 * (seed + 1) * Math.sin(0.1 * i + seed) + 0.05 * seed);
        }
        return new Waveform(values, RATE);
    }

    private static Sample sample(String prompt, Waveform sound) {
        return Sample.of(new Prompt(prompt, Attributes.NONE), Clip.of(sound));
    }

    private static List<Sample> samples(int... lengths) {
        List<String> prompts = List.of("slow piano", "waltz", "slow slow piano waltz", "waltz");
        return IntStream.range(0, lengths.length)
                .mapToObj(i -> sample(prompts.get(i), sound(lengths[i], i)))
                .toList();
    }

    private Onnx scalar(Optional<Double> windowSeconds, int batch, int rate) {
        return new Onnx(
                opinion(),
                List.of(new OnnxInput.Waveform("audio", rate, false)),
                "mos",
                Optional.empty(),
                windowSeconds,
                Windows.CONSECUTIVE,
                batch,
                PLENTY);
    }

    private static Onnx whole(Path model, OnnxInput input, String output) {
        return new Onnx(
                model, List.of(input), output, Optional.empty(), Optional.empty(), Windows.CONSECUTIVE, 1, PLENTY);
    }

    private static double[] values(Onnx settings, List<Sample> batch) {
        try (OnnxReward reward = new OnnxReward("judge", settings)) {
            return reward.score(batch).stream().mapToDouble(Score::value).toArray();
        }
    }

    private static double meanSize(float[] samples, int from, int to) {
        double sum = 0.0;
        for (int i = from; i < to; i++) {
            sum += i < samples.length ? Math.abs(samples[i]) : 0.0;
        }
        return sum / (to - from);
    }

    @Test
    void aScalarOutputIsTheScore() {
        List<Sample> batch = samples(4000, 1234, 9000);
        double[] values = values(scalar(Optional.empty(), 16, RATE), batch);
        for (int i = 0; i < values.length; i++) {
            float[] samples = batch.get(i).clip().waveform().samples();
            assertEquals(1 + 4 * meanSize(samples, 0, samples.length), values[i], TOLERANCE);
        }
    }

    @Test
    void soundIsBroughtToTheRateOfTheModel() {
        List<Sample> batch = samples(4000);
        float[] resampled = new Resampler(RATE, 12_000)
                .resampled(batch.get(0).clip().waveform())
                .samples();
        assertEquals(6000, resampled.length);
        assertEquals(
                1 + 4 * meanSize(resampled, 0, resampled.length),
                values(scalar(Optional.empty(), 1, 12_000), batch)[0],
                TOLERANCE);
    }

    @Test
    void longSoundsAreMeansOverWindows() {
        // Windows of 1000 samples: two and a half make three, the last half silent; 2.4 make two; 0.3 make one.
        List<Sample> batch = samples(2500, 2400, 300);
        int[] windows = {3, 2, 1};
        double[] single = values(scalar(Optional.of(0.125), 1, RATE), batch);
        double[] together = values(scalar(Optional.of(0.125), 4, RATE), batch);
        for (int i = 0; i < windows.length; i++) {
            float[] samples = batch.get(i).clip().waveform().samples();
            double sum = 0.0;
            for (int w = 0; w < windows[i]; w++) {
                sum += 1 + 4 * meanSize(samples, 1000 * w, 1000 * (w + 1));
            }
            assertEquals(sum / windows[i], single[i], TOLERANCE);
            assertEquals(single[i], together[i], TOLERANCE);
        }
        try (OnnxReward reward = new OnnxReward("judge", scalar(Optional.of(0.125), 1, RATE))) {
            Score score = reward.score(batch).get(0);
            assertEquals(3, score.explanation().details().size());
            assertEquals("mos, mean over the windows", score.explanation().description());
        }
    }

    @Test
    void twoModelsGiveTheCosineOfTheirEmbeddings() throws IOException {
        List<Sample> batch = samples(4000, 1500, 2222, 800);
        TextTokenizer words = TextTokenizer.load(tokenizer().getParent(), 8);
        for (boolean padding : new boolean[] {false, true}) {
            OnnxInput.Tokens tokens =
                    new OnnxInput.Tokens("input_ids", Optional.of("attention_mask"), tokenizer(), 8, padding, 2);
            Onnx settings = new Onnx(
                    features(),
                    List.of(new OnnxInput.Waveform("audio", RATE, false)),
                    "heard",
                    Optional.of(new Companion(Optional.of(reading()), List.of(tokens), "read")),
                    Optional.empty(),
                    Windows.CONSECUTIVE,
                    padding ? 3 : 1,
                    PLENTY);
            double[] values = values(settings, batch);
            for (int i = 0; i < values.length; i++) {
                float[] x = batch.get(i).clip().waveform().samples();
                int[] ids = words.encode(batch.get(i).prompt().text());
                double[] heard = {mean(x), max(x)};
                // Padding counts in the mean, as a 0 that the mask makes of it.
                double[] read = {
                    IntStream.of(ids).sum() / (padding ? 8.0 : ids.length),
                    IntStream.of(ids).max().orElseThrow()
                };
                double cosine = (heard[0] * read[0] + heard[1] * read[1])
                        / Math.sqrt(
                                (heard[0] * heard[0] + heard[1] * heard[1]) * (read[0] * read[0] + read[1] * read[1]));
                assertEquals(cosine, values[i], TOLERANCE);
            }
        }
    }

    private static double mean(float[] x) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
    }

    private static double max(float[] x) {
        return IntStream.range(0, x.length).mapToDouble(i -> x[i]).max().orElseThrow();
    }

    /** One model that readsSound and reads: (mean |x|, max |x|) and (mean id, max id). */
    @Test
    void twoOutputsOfOneModelCanBeCompared() throws IOException {
        OnnxBytes.Attribute second = new OnnxBytes.Attribute("axis", 1, false);
        Path both = file(
                "both.onnx",
                new OnnxBytes()
                        .input("audio", OnnxBytes.FLOAT, -1, 1, -1)
                        .input("ids", OnnxBytes.INT64, -1, -1)
                        .node("Flatten", "audio", "", "flat", second)
                        .node("Abs", "flat", "", "sizes")
                        .reduce("ReduceMean", "sizes", "meanSize", 1)
                        .reduce("ReduceMax", "sizes", "maxSize", 1)
                        .node("Concat", "meanSize", "maxSize", "heard", second)
                        .node("Cast", "ids", "", "numbers", new OnnxBytes.Attribute("to", OnnxBytes.FLOAT, false))
                        .reduce("ReduceMean", "numbers", "meanId", 1)
                        .reduce("ReduceMax", "numbers", "maxId", 1)
                        .node("Concat", "meanId", "maxId", "read", second)
                        .output("heard", -1, 2)
                        .output("read", -1, 2));
        List<OnnxInput> inputs = List.of(
                new OnnxInput.Waveform("audio", RATE, true),
                new OnnxInput.Tokens("ids", Optional.empty(), tokenizer(), 8, false, 0));
        Onnx settings = new Onnx(
                both,
                inputs,
                "heard",
                Optional.of(new Companion(Optional.empty(), List.of(), "read")),
                Optional.of(0.125),
                Windows.CONSECUTIVE,
                16,
                PLENTY);
        // "waltz" is 5 and the end token 1: (3, 5). The sound is one window of 1000 samples.
        float[] x = sound(1000, 1).samples();
        double size = meanSize(x, 0, x.length);
        double most = IntStream.range(0, x.length)
                .mapToDouble(i -> Math.abs(x[i]))
                .max()
                .orElseThrow();
        assertEquals(
                (3 * size + 5 * most) / Math.sqrt(34 * (size * size + most * most)),
                values(settings, List.of(sample("waltz", sound(1000, 1))))[0],
                TOLERANCE);
    }

    @Test
    void levelsOfBandsArriveInEitherOrder() {
        SpectrumSettings spectrum = SpectrumSettings.defaults();
        Sample sample = samples(4000).get(0);
        Spectrogram levels = new Spectrograph(spectrum).of(sample.clip().waveform());
        // The model takes the mean over its second axis of the maximum over its third.
        Path model = file(
                "bands.onnx",
                new OnnxBytes()
                        .input("mel", OnnxBytes.FLOAT, -1, -1, -1)
                        .reduce("ReduceMax", "mel", "loudest", 2)
                        .reduce("ReduceMean", "loudest", "score", 1)
                        .output("score", -1, 1, 1));
        for (Axes axes : Axes.values()) {
            LogMel mel = new LogMel("mel", spectrum, -20.0, 10.0, axes, false);
            Onnx settings = whole(model, mel, "score");
            boolean bandsFirst = axes == Axes.BANDS_FRAMES;
            int rows = bandsFirst ? levels.bands() : levels.frames();
            int columns = bandsFirst ? levels.frames() : levels.bands();
            double sum = 0.0;
            for (int i = 0; i < rows; i++) {
                double most = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < columns; j++) {
                    most = Math.max(most, bandsFirst ? levels.at(j, i) : levels.at(i, j));
                }
                sum += (most + 20.0) / 10.0;
            }
            assertEquals(sum / rows, values(settings, List.of(sample))[0], 1e-4);
        }
    }

    @Test
    void aModelThatDoesNotFitIsRefusedInOneLine() throws IOException {
        Path opinion = opinion();
        assertInvalid(
                opinion + ": has the inputs audio, but is given sound",
                whole(opinion, new OnnxInput.Waveform("sound", RATE, false), "mos"));
        assertInvalid(
                opinion + ": has the outputs mos, but embedding is asked for",
                whole(opinion, new OnnxInput.Waveform("audio", RATE, false), "embedding"));
        assertInvalid(
                opinion + ": has an input audio that is no tensor of INT64",
                whole(opinion, new OnnxInput.Tokens("audio", Optional.empty(), tokenizer(), 8, false, 0), "mos"));
        Path missing = directory.resolve("missing.onnx");
        OnnxInput audio = new OnnxInput.Waveform("audio", RATE, false);
        assertInvalid(missing + ": does not exist", whole(missing, audio, "mos"));
        Path garbage = Files.writeString(directory.resolve("garbage.onnx"), "no model");
        InvalidFileException damaged =
                assertThrows(InvalidFileException.class, () -> new OnnxReward("judge", whole(garbage, audio, "mos")));
        assertTrue(
                damaged.getMessage().startsWith(garbage + ": cannot be used as an ONNX model: "), damaged.getMessage());
        assertEquals(1, damaged.getMessage().lines().count());
        try (OnnxReward wide = new OnnxReward("judge", whole(features(), audio, "heard"))) {
            assertEquals(
                    "the output heard has 2 numbers a sample, but a score is one; name another output, or one to take the"
                            + " cosine with",
                    assertThrows(IllegalStateException.class, () -> wide.score(samples(100)))
                            .getMessage());
        }
    }

    private static void assertInvalid(String message, Onnx settings) {
        assertEquals(
                message,
                assertThrows(InvalidFileException.class, () -> new OnnxReward("judge", settings))
                        .getMessage());
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertRefused("batch is 0, but must be at least 1", () -> scalar(Optional.empty(), 0, RATE));
        assertRefused("windowSeconds is 0.0, but must lie in [0.05, 3600]", () -> scalar(Optional.of(0.0), 1, RATE));
        assertRefused("sampleRate is 10, but must lie in [1000, 192000]", () -> scalar(Optional.empty(), 1, 10));
        assertRefused(
                "inputs has 0 items, but must have some, for the other model",
                () -> new Companion(Optional.of(Path.of("x")), List.of(), "read"));
        assertRefused(
                "inputs has 1 items, but must have none unless there is another model",
                () -> new Companion(Optional.empty(), List.of(OnnxInput.Waveform.defaults()), "read"));
        assertRefused(
                "scale is 0.0, but must be above 0 and finite",
                () -> new LogMel("mel", SpectrumSettings.defaults(), 0.0, 0.0, Axes.BANDS_FRAMES, false));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
