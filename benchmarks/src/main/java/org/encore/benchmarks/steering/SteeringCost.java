package org.encore.benchmarks.steering;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.benchmarks.engines.EncoreEngine;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.kernels.Kernels;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.VoiceCodec;
import org.encore.run.Progress;
import org.encore.statistics.Interval;
import org.encore.steering.control.Control;
import org.encore.steering.control.Dial;
import org.encore.steering.control.Steering;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.encore.steering.probes.Probes;

/** Times generation without steering and with it, in turn in one process, on a decoder and probes of random weights. */
public final class SteeringCost {
    private static final String TRAIT = "trait";

    private final Task task;
    private final int runs;
    private final int warmUps;

    /**
     * Plans.
     *
     * @param size of the decoder
     * @param runs timed repetitions of each way
     * @param warmUps repetitions before, which do not count
     */
    public SteeringCost(Task.Size size, int runs, int warmUps) {
        Checks.within("runs", runs, 1, 1000);
        Checks.within("warmUps", warmUps, 1, 1000);
        this.task = new Task(size, Work.DECODE);
        this.runs = runs;
        this.warmUps = warmUps;
    }

    /**
     * Seconds of a way to generate.
     *
     * @param name of the way
     * @param seconds of each repetition, in their order
     */
    public record Way(String name, List<Double> seconds) {
        private double[] values() {
            return seconds.stream().mapToDouble(Double::doubleValue).toArray();
        }

        /** The middle one. */
        public double median() {
            return StatUtils.percentile(values(), 50.0);
        }

        /** The shortest. */
        public double min() {
            return StatUtils.min(values());
        }

        /** The longest. */
        public double max() {
            return StatUtils.max(values());
        }
    }

    /** Sequences of a repetition. */
    public int sequences() {
        return task.sequences();
    }

    /** Steps of each. */
    public int steps() {
        return task.steps();
    }

    /**
     * Measures: without steering first and last in every round, so that what the order does shows as a difference of these two.
     *
     * @param kernels makes the kernels of a shard
     */
    public List<Way> run(int shards, Supplier<Kernels> kernels, Progress progress) {
        DecoderConfig decoder = task.size().model().decoder();
        Map<String, Supplier<SequenceTap.Source>> ways = new LinkedHashMap<>();
        ways.put("without steering", () -> SequenceTap.Source.NONE);
        ways.put("watched, strength 0", () -> steering(Control.defaults().with(0.0), 1.0, decoder));
        ways.put("SMITIN", () -> steering(Control.defaults(), 1.0, decoder));
        ways.put("ITI, 4 heads", () -> steering(Control.defaults().iti(4, 3.0), 1.0, decoder));
        ways.put("without steering again", () -> SequenceTap.Source.NONE);
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        ways.keySet().forEach(name -> seconds.put(name, new ArrayList<>()));
        try (EncoreEngine engine = new EncoreEngine(task.size().model(), task.room(), shards, kernels)) {
            for (int run = -warmUps; run < runs; run++) {
                for (Map.Entry<String, Supplier<SequenceTap.Source>> way : ways.entrySet()) {
                    SequenceTap.Source taps = way.getValue().get();
                    long start = System.nanoTime();
                    engine.decode(task.sequences(), task.steps(), taps);
                    if (run >= 0) {
                        seconds.get(way.getKey()).add((System.nanoTime() - start) / 1e9);
                    }
                }
                progress.step("measuring", run + warmUps + 1, runs + warmUps, "");
            }
        }
        List<Way> measured = new ArrayList<>();
        seconds.forEach((name, each) -> measured.add(new Way(name, each)));
        return measured;
    }

    private static Steering steering(Control control, double degree, DecoderConfig decoder) {
        Probes heads = probes(decoder.layers() * decoder.heads(), decoder.headWidth());
        return new Steering(
                List.of(new Dial(TRAIT, OptionalDouble.of(degree))),
                List.of(new Fitted(
                        TRAIT, heads, heads, probes(decoder.layers(), decoder.width()), new Interval(1.0, 1.0, 1.0))),
                control,
                decoder,
                // The monitor reads behind every code of it: the most that it ever costs.
                new VoiceCodec(new Synthesiser(Synthesiser.Settings.standard())));
    }

    private static Probes probes(int sites, int width) {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE, sites);
        Probes probes = new Probes(
                width,
                new float[sites][width],
                new float[sites],
                new float[sites][width],
                new float[sites],
                new float[sites],
                new float[sites],
                new float[sites]);
        for (int site = 0; site < sites; site++) {
            for (int i = 0; i < width; i++) {
                probes.weights()[site][i] = (float) random.nextGaussian();
                probes.differences()[site][i] = (float) random.nextGaussian();
            }
            probes.accuracies()[site] = 0.5f + 0.5f * random.nextFloat();
        }
        Arrays.fill(probes.weightDeviations(), 0.1f);
        Arrays.fill(probes.differenceDeviations(), 0.1f);
        return probes;
    }
}
