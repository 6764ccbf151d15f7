package org.encore.steering.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Activation;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.transformer.DecoderTap.HeadShift;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;
import org.encore.model.transformer.MusicTransformer;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.Clip;
import org.encore.statistics.Interval;
import org.encore.steering.control.Control.Branches;
import org.encore.steering.control.Control.Direction;
import org.encore.steering.control.Control.Places;
import org.encore.steering.control.Steering.Trace;
import org.encore.steering.probes.ProbeFit.Fitted;
import org.encore.steering.probes.Probes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a small random model with random probes. */
class SteeringTest {
    private static final DecoderConfig DECODER = new DecoderConfig(7, 1, 8, 12, 2, 2, 24, Activation.GELU);
    private static final int FRAMES = 14;
    private static final int PREFIX = 4;
    private static final int SEQUENCES = 3;
    private static final OptionalDouble PAPER = OptionalDouble.empty();

    private static MusicTransformer model(Kernels kernels) {
        TextEncoderConfig text = new TextEncoderConfig(11, 6, 3, 8, 2, 2, 8, 16, 1e-6);
        MusicTransformer model = new MusicTransformer(kernels, new ModelConfig(text, DECODER, Head.CODES));
        Initialisation.randomise(model, new RandomStreams(3));
        kernels.scale(model.parameters().flat(), 5.0);
        return model;
    }

    private static Probes probes(int sites, int width, long seed) {
        RandomGenerator random = new RandomStreams(seed).stream(Purpose.NOISE);
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
            probes.weightDeviations()[site] = 0.3f + site;
            probes.differenceDeviations()[site] = 0.5f;
            probes.accuracies()[site] = 0.6f + 0.1f * site;
        }
        return probes;
    }

    private static Fitted fitted(String trait, long seed) {
        int sites = DECODER.layers() * DECODER.heads();
        return new Fitted(
                trait,
                probes(sites, DECODER.headWidth(), seed),
                probes(sites, DECODER.headWidth(), seed + 2),
                probes(DECODER.layers(), DECODER.width(), seed + 1),
                new Interval(0.9, 0.8, 1.0));
    }

    /** Every code completes something, except 0. */
    private static final AudioCodec CODEC = new AudioCodec() {
        @Override
        public String name() {
            return "test";
        }

        @Override
        public int codebooks() {
            return 1;
        }

        @Override
        public int cardinality() {
            return 7;
        }

        @Override
        public Clip decode(int[][] codes) {
            throw new IllegalStateException("never asked");
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }

        @Override
        public boolean completes(int code) {
            return code != 0;
        }
    };

    private static Steering steering(Control control, Dial... dials) {
        List<Fitted> each = new ArrayList<>();
        for (Dial dial : dials) {
            each.add(fitted(dial.trait(), dial.trait().hashCode()));
        }
        return new Steering(List.of(dials), each, control, DECODER, CODEC);
    }

    /** Log-probabilities of each sequence's steps. */
    private static double[][] generate(Kernels kernels, double guidance, SequenceTap.Source taps) {
        MusicTransformer model = model(kernels);
        Generator.Settings settings = new Generator.Settings(
                2, FRAMES, 3, new SamplingSettings(1.0, 0, 1.0, guidance), OptionalInt.empty(), Packing.FLOAT32);
        double[][] results = new double[SEQUENCES][];
        PromptQueue queue = new PromptQueue() {
            private int next;

            @Override
            public Optional<Item> next() {
                int index = next++;
                RandomGenerator random = new RandomStreams(5).stream(Purpose.SAMPLING, index);
                int[][] prefix = {{1, 2, 3, index}};
                return index >= SEQUENCES
                        ? Optional.empty()
                        : Optional.of(new Item(
                                index, new int[] {4, 5, 1}, new float[] {1, 1, 1}, prefix, Integer.MAX_VALUE, random));
            }

            @Override
            public void complete(int index, int[][] codes, double[] logProbs) {
                double[] all = Arrays.copyOf(logProbs, logProbs.length + codes[0].length);
                for (int f = 0; f < codes[0].length; f++) {
                    all[logProbs.length + f] = codes[0][f];
                }
                results[index] = all;
            }
        };
        try (Generator generator = new Generator(model, settings)) {
            generator.generate(queue, 2, taps.open(kernels, 2));
        }
        return results;
    }

    private static double[][] generate(SequenceTap.Source taps) {
        try (Kernels kernels = new PortableKernels(Precision.SINGLE)) {
            return generate(kernels, 3.0, taps);
        }
    }

    @Test
    void strengthZeroAndDegreeZeroKeepTheBits() {
        double[][] plain = generate(SequenceTap.Source.NONE);
        Control control = Control.defaults();
        assertArrayEquals(plain, generate(steering(control.with(0.0), new Dial("a", PAPER))));
        assertArrayEquals(plain, generate(steering(control, new Dial("a", OptionalDouble.of(0.0)))));
        assertFalse(Arrays.deepEquals(plain, generate(steering(control, new Dial("a", OptionalDouble.of(1.0))))));
    }

    /** One head without a monitor is a shift by {@code alpha sigma theta} from the end of the prefix on. */
    @ParameterizedTest
    @CsvSource({"BOTH, PROBE", "TEXT, PROBE", "BOTH, MEAN_DIFFERENCE"})
    void oneHeadIsShiftedAlongItsDirection(Branches branches, Direction direction) {
        Fitted fitted = fitted("a", "a".hashCode());
        int best = DECODER.layers() * DECODER.heads() - 1;
        boolean probe = direction == Direction.PROBE;
        float[] theta =
                probe ? fitted.pushes().weights()[best] : fitted.pushes().differences()[best];
        double sigma = probe
                ? fitted.pushes().weightDeviations()[best]
                : fitted.pushes().differenceDeviations()[best];
        double norm = 0.0;
        for (float value : theta) {
            norm += value * value;
        }
        float[] shift = new float[theta.length];
        for (int i = 0; i < shift.length; i++) {
            shift[i] = (float) (1.5 * sigma / Math.sqrt(norm) * theta[i]);
        }
        Control control = new Control(Places.TOP_HEADS, 1, 1.5, 1, direction, false, 16, 0.5, branches);
        SequenceTap.Source expected = (kernels, batch) -> new SequenceTap() {
            private final HeadShift shifted = new HeadShift(kernels, 1, 1, PREFIX, shift);

            @Override
            public void heads(int layer, Rows rows, Tensor attended) {
                // The rows of the text branch come first.
                int text = (int) Arrays.stream(rows.sequences())
                        .filter(slot -> slot < batch || branches == Branches.BOTH)
                        .count();
                int[][] ids = {Arrays.copyOf(rows.inputs(0), text), Arrays.copyOf(rows.positions(), text)};
                shifted.heads(layer, new Rows(Arrays.copyOf(rows.sequences(), text), ids), attended);
            }
        };
        double[][] steered = generate(steering(control, new Dial("a", PAPER)));
        double[][] wanted = generate(expected);
        assertFalse(Arrays.deepEquals(wanted, generate(SequenceTap.Source.NONE)));
        for (int i = 0; i < SEQUENCES; i++) {
            assertArrayEquals(wanted[i], steered[i], 1e-4);
        }
    }

    /** Off as soon as it has read a probability above a threshold near 0; never off at 1. */
    @Test
    void theMonitorSwitchesOffAndTheStrengthDecays() {
        Control control = new Control(Places.ALL_HEADS, 1, 2.0, 2, Direction.PROBE, true, 16, 0.5, Branches.BOTH);
        Steering timid = steering(control, new Dial("a", OptionalDouble.of(1e-300)));
        generate(timid);
        Steering eager = steering(control, new Dial("a", OptionalDouble.of(1.0)));
        generate(eager);
        for (int i = 0; i < SEQUENCES; i++) {
            float[] strength = timid.trace(i).strength()[0];
            for (int t = 0; t < FRAMES; t++) {
                assertEquals(t == PREFIX ? 2.0f : 0.0f, strength[t]);
            }
            decays(eager.trace(i));
        }
    }

    private static void decays(Trace trace) {
        float last = Float.NaN;
        for (int t = 0; t < FRAMES; t++) {
            boolean steered = t >= PREFIX && (t - PREFIX) % 2 == 0;
            double expected = !steered ? 0.0 : Float.isNaN(last) ? 2.0 : 2.0 * (1.0 - 0.5 * last);
            assertEquals(expected, trace.strength()[0][t], 1e-6);
            assertTrue(t >= PREFIX || Float.isNaN(trace.monitor()[0][t]));
            last = Float.isNaN(trace.monitor()[0][t]) ? last : trace.monitor()[0][t];
        }
        assertFalse(Float.isNaN(last));
    }

    /** What several dials add is summed: a trait and its opposite cancel. */
    @Test
    void dialsAreSummed() {
        Control control = Control.defaults().iti(4, 3.0);
        Dial more = new Dial("a", OptionalDouble.of(1.0));
        Dial less = new Dial("a", OptionalDouble.of(-1.0));
        double[][] plain = generate(SequenceTap.Source.NONE);
        assertFalse(Arrays.deepEquals(plain, generate(steering(control, more))));
        assertFalse(Arrays.deepEquals(generate(steering(control, less)), generate(steering(control, more))));
        double[][] cancelled = generate(steering(control, more, less));
        for (int i = 0; i < SEQUENCES; i++) {
            assertArrayEquals(plain[i], cancelled[i], 1e-5);
        }
    }

    @Test
    void wholeLayersAreShiftedToo() {
        double[][] plain = generate(SequenceTap.Source.NONE);
        double[][] steered = generate(steering(Control.defaults().layers(3.0), new Dial("a", PAPER)));
        assertFalse(Arrays.deepEquals(plain, steered));
        for (int i = 0; i < SEQUENCES; i++) {
            assertArrayEquals(Arrays.copyOf(plain[i], PREFIX), Arrays.copyOf(steered[i], PREFIX));
        }
    }

    /** What is added is of the probes of every kind of code, what is read of those of whole notes. */
    @Test
    void theMonitorReadsOtherProbesThanArePushedAlong() {
        Fitted own = fitted("a", 11);
        int sites = own.heads().sites();
        Probes nothing = new Probes(
                DECODER.headWidth(),
                new float[sites][DECODER.headWidth()],
                new float[sites],
                new float[sites][DECODER.headWidth()],
                new float[sites],
                new float[sites],
                new float[sites],
                new float[sites]);
        double[][] plain = generate(SequenceTap.Source.NONE);
        List<Dial> dials = List.of(new Dial("a", OptionalDouble.of(1.0)));
        Fitted still = new Fitted("a", own.heads(), nothing, own.layers(), own.accuracy());
        Steering watching = new Steering(dials, List.of(still), Control.defaults(), DECODER, CODEC);
        assertTrue(Arrays.deepEquals(plain, generate(watching)), "nothing to push along");
        float read = lastRead(watching.trace(0));
        assertTrue(read != 0.5f, "read by the other probes");
        Fitted deaf = new Fitted("a", nothing, own.pushes(), own.layers(), own.accuracy());
        Steering pushing = new Steering(dials, List.of(deaf), Control.defaults(), DECODER, CODEC);
        assertFalse(Arrays.deepEquals(plain, generate(pushing)));
        assertEquals(0.5f, lastRead(pushing.trace(0)));
    }

    private static float lastRead(Trace trace) {
        float last = Float.NaN;
        for (float each : trace.monitor()[0]) {
            last = Float.isNaN(each) ? last : each;
        }
        return last;
    }

    @Test
    void theThresholdIsThatOfThePaper() {
        // Accuracies 0.6, 0.7, 0.8, 0.9: median 0.75, standard deviation 0.1118.
        assertEquals(
                0.75 - 0.111803,
                steering(Control.defaults(), new Dial("a", PAPER)).threshold(0),
                1e-5);
        assertEquals(0.4, steering(Control.defaults(), Dial.parse("a=-0.4")).threshold(0), 1e-12);
    }

    @Test
    void dialsAreRead() {
        assertEquals(new Dial("drums", OptionalDouble.of(0.8)), Dial.parse("drums=0.8"));
        assertEquals(new Dial("drums", PAPER), Dial.parse("drums"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Dial.parse("drums=much"))
                .getMessage()
                .contains("TRAIT=DEGREE"));
        assertThrows(IllegalArgumentException.class, () -> Dial.parse("drums=1.5"));
    }
}
