package org.encore.app.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.Piece;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.midi.MidiFiles;
import org.encore.rewards.Explanation;
import org.encore.run.MetricsLog;
import org.encore.run.Provenance;
import org.encore.run.RunDirectory;

/** The directory of a fine-tuning run that never ran, in the form that a real one leaves. */
final class FakeRun {
    static final String HOSTILE = "<script>alert('x')</script> & \"quotes\"";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final int SAMPLE_RATE = 4000;

    private final RunDirectory run;
    private final RandomStreams streams = new RandomStreams(7);
    private final ObjectMapper json = new ObjectMapper();

    private enum Prompts {
        TRAINING,
        HELD_OUT
    }

    private FakeRun(RunDirectory run) {
        this.run = run;
    }

    /** A run of some iterations, with samples at the start, in the middle and at the end. */
    static RunDirectory write(Path path, int steps, int samples) throws IOException {
        FakeRun fake = new FakeRun(RunDirectory.create(path));
        Files.writeString(
                fake.run.config(),
                "seed: 7\nname: " + HOSTILE + "\nkl:\n  coefficient: 0.05\ncheckpoint: checkpoints/<b>base</b>\n"
                        + "rewards:\n  - {kind: rule-adherence, id: rule-adherence, weight: 1.0}\n"
                        + "  - {kind: musicality, id: musicality, weight: 0.0}\n");
        new Provenance(
                        new Provenance.Inputs(
                                "./encore train c.yaml --set seed=7",
                                "c0ffee",
                                Map.of("corpus", "5eed", "checkpoint", "beef"),
                                7,
                                "CPU"),
                        "0123abc",
                        "17.0.15 (Example)",
                        "Linux 6 amd64",
                        CLOCK.instant().toString())
                .write(fake.run.provenance());
        fake.metrics(steps);
        fake.summary(steps);
        fake.samples(0, samples, Prompts.HELD_OUT);
        fake.samples(steps / 2, samples, Prompts.TRAINING);
        fake.samples(steps, samples, Prompts.HELD_OUT);
        return fake.run;
    }

    private void metrics(int steps) throws IOException {
        RandomGenerator random = streams.stream(RandomStreams.Purpose.NOISE);
        try (MetricsLog log = MetricsLog.create(run.metrics())) {
            for (int step = 1; step <= steps; step++) {
                log.write(step, metrics((double) step / steps, random));
            }
        }
    }

    private static Map<String, Double> metrics(double done, RandomGenerator random) {
        double score = 0.3 + 0.5 * done + 0.06 * random.nextGaussian();
        double kl = 9.0 * Math.sqrt(done) + 0.4 * random.nextGaussian();
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("objective/kl", kl);
        metrics.put("objective/entropy", 2.4 - 0.8 * done + 0.05 * random.nextGaussian());
        metrics.put("kl/exact", kl / 200);
        metrics.put("kl/k1", kl / 200 + 0.004 * random.nextGaussian());
        metrics.put("kl/k3", kl / 200 + 0.002 * random.nextGaussian());
        metrics.put("loss/policy_avg", 0.1 * random.nextGaussian());
        metrics.put("policy/clipfrac_avg", 0.1 * random.nextDouble());
        metrics.put("policy/logprob_gap_max", 1e-6 * random.nextDouble());
        metrics.put("loss/value_avg", 0.05 + 0.2 * Math.exp(-5 * done) + 0.01 * random.nextDouble());
        metrics.put("grad_norm/policy", 0.8 + 0.3 * random.nextDouble() + (random.nextInt(40) == 0 ? 20 : 0));
        metrics.put("grad_norm/value", 0.08 + 0.02 * random.nextDouble());
        metrics.put("lr", 1e-5 * Math.min(1.0, 10 * done));
        for (String reward : List.of("rule-adherence", "musicality")) {
            metrics.put("reward/weight/" + reward, 0.5);
            metrics.put("rewards/" + reward + "/abstained", 0.0);
            metrics.put("rewards/" + reward + "/raw_mean", score + 0.05 * random.nextGaussian());
            metrics.put("rewards/" + reward + "/mean", 2 * score - 1);
            metrics.put("rewards/" + reward + "/std", 0.9 + 0.1 * random.nextDouble());
        }
        metrics.put("objective/scores", score);
        metrics.put("objective/rlhf_reward", score - 0.02 * kl);
        metrics.put("kl/coef", 0.02);
        metrics.put("val/explained_variance", 1 - Math.exp(-4 * done) + 0.05 * random.nextGaussian());
        metrics.put("episode", 200 * done);
        metrics.put("timing_s/generate", 2.0 + 0.2 * random.nextDouble());
        metrics.put("timing_s/reward", 0.3);
        metrics.put("timing_s/step", 5.0 + 0.2 * random.nextDouble());
        metrics.put("perf/generate_codes_per_s", 3000 + 200 * random.nextDouble());
        metrics.put("perf/codes_per_s", 1200 + 100 * random.nextDouble());
        return metrics;
    }

    private void summary(int steps) throws IOException {
        Map<String, Object> before = new LinkedHashMap<>();
        before.put("rule-adherence", 0.7);
        before.put("held_out_loss", 2.0);
        before.put(HOSTILE, -0.5);
        before.put("only before", 1.5);
        Map<String, Object> after = new LinkedHashMap<>();
        after.put("rule-adherence", 0.9);
        after.put("held_out_loss", 2.25);
        after.put(HOSTILE, 0.25);
        Map<String, Object> evaluation = new LinkedHashMap<>();
        evaluation.put("prompts", 64);
        evaluation.put("before", before);
        evaluation.put("after", after);
        evaluation.put("difference", Map.of("rule-adherence", Map.of("value", 0.2, "low", 0.15, "high", 0.25)));
        evaluation.put("kl_per_token", 0.0451);
        evaluation.put("kl_per_sequence", 9.123456);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("steps", steps);
        summary.put("wall_s", 3725.4);
        summary.put("evaluation", evaluation);
        json.writeValue(run.path().resolve("summary.json").toFile(), summary);
    }

    /** In the middle of a run other prompts come up than at its ends; the last prompt is hostile. */
    private void samples(long step, int count, Prompts prompts) throws IOException {
        Etudes etudes = new Etudes(7);
        Path directory = run.samples(step);
        for (int i = 0; i < count; i++) {
            Etude etude = prompts == Prompts.TRAINING ? etudes.train(i) : etudes.heldOut(i);
            Piece piece = etudes.heldOut(step * 31 + i).piece();
            String name = String.format(Locale.ROOT, "%03d", i);
            WaveFiles.write(directory.resolve(name + ".wav"), tone(piece.seconds()));
            MidiFiles.write(directory.resolve(name + ".mid"), piece);
            double score = 0.25 + 0.0025 * step + 0.01 * i;
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("prompt", i == count - 1 ? HOSTILE : etude.prompt().text());
            facts.put("step", step);
            facts.put("seconds", piece.seconds());
            facts.put("scores", Map.of("rule-adherence", score));
            facts.put("total", score);
            facts.put("explanation", explanation(score));
            Files.write(directory.resolve(name + ".json"), json.writeValueAsBytes(facts));
        }
    }

    private static Explanation explanation(double score) {
        return Explanation.sum(
                HOSTILE,
                List.of(
                        Explanation.product(
                                "weighted adherence",
                                Explanation.leaf(0.5, "weight"),
                                Explanation.leaf(score, "tempo as asked: 120 bpm, asked moderate")),
                        Explanation.leaf(score / 2, "the key is in doubt")));
    }

    private static Waveform tone(double seconds) {
        float[] samples = new float[(int) (seconds * SAMPLE_RATE)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) (0.3 * StrictMath.sin(2 * StrictMath.PI * 440 * i / SAMPLE_RATE));
        }
        return new Waveform(samples, SAMPLE_RATE);
    }
}
