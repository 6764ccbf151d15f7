package org.encore.steering.control;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.music.codec.AudioCodec;
import org.encore.steering.control.Control.Branches;
import org.encore.steering.control.Control.Places;
import org.encore.steering.probes.ProbeFit.Fitted;

/**
 * Adds traits to sequences while they are generated.
 *
 * <p>Steps count from the first that the model chooses: a prefix is read unchanged. The monitor reads steps as probes know them: behind a whole note, or any step of sound ({@link AudioCodec#completes}). Its probability C is the median over the watched heads, read before anything is added to their layer. While {@code C} is below the threshold, every s-th step is steered with strength {@code alpha (1 - delta C)}, C being that of the last step before; a sequence whose C was never read is pushed at full strength. So the monitor switches off, and on again when the trait fades. The paper's "weight decayed by (1 - delta C)" may also mean a product over steps; ours recovers.
 *
 * <p>With guidance, the monitor reads the branch with the text.
 */
public final class Steering implements SequenceTap.Source {
    private final List<Plan> plans = new ArrayList<>();
    private final List<Dial> dials;
    private final Control control;
    private final DecoderConfig decoder;
    private final AudioCodec codec;
    private final Map<Integer, Trace> traces = new ConcurrentHashMap<>();

    /**
     * Plans.
     *
     * @param dials traits, each once; what they add is summed
     * @param fitted probes of these traits, in the same order
     */
    public Steering(List<Dial> dials, List<Fitted> fitted, Control control, DecoderConfig decoder, AudioCodec codec) {
        this.dials = List.copyOf(dials);
        this.control = control;
        this.decoder = decoder;
        this.codec = codec;
        for (int i = 0; i < dials.size(); i++) {
            plans.add(Plan.of(dials.get(i), fitted.get(i), control, decoder));
        }
    }

    /**
     * What was watched and added in a sequence.
     *
     * @param monitor probability of each dial's trait at each step; NaN where it was not read, {@code [dials][T]}
     * @param strength what was added at each step, as a multiple of strength 1; 0 where nothing was, {@code [dials][T]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Trace(float[][] monitor, float[][] strength) {}

    /** The dials. */
    public List<Dial> dials() {
        return dials;
    }

    /** The threshold of a dial's monitor. */
    public double threshold(int dial) {
        return plans.get(dial).threshold();
    }

    /** The trace of a sequence by its index, as far as it was generated. */
    public Trace trace(int index) {
        return traces.get(index);
    }

    @Override
    public SequenceTap open(Kernels kernels, int batch) {
        boolean idle =
                plans.stream().allMatch(plan -> Arrays.stream(plan.shifts()).allMatch(shift -> shift == null));
        return idle && !control.monitor() ? SequenceTap.NONE : new Tap(kernels, batch);
    }

    /** A sequence in generation. */
    private final class State {
        final Trace trace;
        final int first;
        /** Whether the monitor reads this step. */
        boolean counts;
        /** Probability of each watched head of each dial at this step. */
        final double[][] probabilities = new double[plans.size()][];

        final int[] read = new int[plans.size()];
        /** C of each dial when it was last read; NaN before. */
        final double[] last = new double[plans.size()];
        /** Strength of each dial at this step, 0 for none. */
        final double[] strengths = new double[plans.size()];

        State(PromptQueue.Item item) {
            first = item.prefix().length == 0 ? 0 : item.prefix()[0].length;
            float[][] monitor = new float[plans.size()][decoder.maxPositions()];
            for (float[] each : monitor) {
                Arrays.fill(each, Float.NaN);
            }
            trace = new Trace(monitor, new float[plans.size()][decoder.maxPositions()]);
            Arrays.fill(last, Double.NaN);
            for (int d = 0; d < plans.size(); d++) {
                probabilities[d] = new double[plans.get(d).watchedCount()];
            }
        }

        /** Decides what is added at a step, from what was read at steps before. */
        void begin(int position, int code) {
            counts = position >= first && (position == first || codec.completes(code));
            boolean steered = position >= first && (position - first) % control.every() == 0;
            for (int d = 0; d < plans.size(); d++) {
                read[d] = 0;
                strengths[d] = steered ? strength(d) : 0.0;
                trace.strength()[d][position] = (float)
                        (strengths[d] * control.strength() * plans.get(d).sign());
            }
        }

        /** As a multiple of the control's strength. */
        private double strength(int dial) {
            Plan plan = plans.get(dial);
            if (!control.monitor() || Double.isNaN(last[dial])) {
                return 1.0;
            }
            double there = plan.sign() < 0.0 ? 1.0 - last[dial] : last[dial];
            return there >= plan.threshold() ? 0.0 : 1.0 - control.decay() * there;
        }

        void end(int position) {
            for (int d = 0; d < plans.size() && counts; d++) {
                last[d] = Plan.median(probabilities[d]);
                trace.monitor()[d][position] = (float) last[d];
            }
        }
    }

    /** One generator's tap. */
    private final class Tap implements SequenceTap {
        private final Kernels kernels;
        private final DecodingKernels reader;
        private final int batch;
        private final State[] states;
        private final float[] values = new float[decoder.width()];
        private final float[] sum = new float[decoder.width()];
        private final Tensor shift;

        Tap(Kernels kernels, int batch) {
            this.kernels = kernels;
            this.reader = kernels.decoding();
            this.batch = batch;
            this.states = new State[batch];
            this.shift = kernels.allocate(1, decoder.width());
        }

        @Override
        public void start(int slot, PromptQueue.Item item) {
            states[slot] = new State(item);
            traces.put(item.index(), states[slot].trace);
        }

        @Override
        public void heads(int layer, Rows rows, Tensor attended) {
            for (int row = 0; row < rows.count(); row++) {
                int slot = rows.sequences()[row];
                if (slot < batch) {
                    State state = states[slot];
                    if (layer == 0) {
                        state.begin(rows.positions()[row], rows.inputs(0)[row]);
                    }
                    watch(layer, state, row, attended);
                    if (layer == decoder.layers() - 1) {
                        state.end(rows.positions()[row]);
                    }
                }
                if (control.places() != Places.LAYERS) {
                    add(layer, rows, row, attended);
                }
            }
        }

        @Override
        public void states(int layer, Rows rows, Tensor behind) {
            for (int row = 0; row < rows.count() && control.places() == Places.LAYERS; row++) {
                add(layer, rows, row, behind);
            }
        }

        private void watch(int layer, State state, int row, Tensor attended) {
            boolean read = false;
            for (int d = 0; d < plans.size() && state.counts; d++) {
                Plan plan = plans.get(d);
                for (int head : plan.watched()[layer]) {
                    if (!read) {
                        reader.read(attended, row, values);
                        read = true;
                    }
                    int site = layer * decoder.heads() + head;
                    state.probabilities[d][state.read[d]++] =
                            plan.probes().probability(site, values, head * decoder.headWidth());
                }
            }
        }

        private void add(int layer, Rows rows, int row, Tensor target) {
            int slot = rows.sequences()[row] % batch;
            if (rows.sequences()[row] >= batch && control.branches() == Branches.TEXT) {
                return;
            }
            State state = states[slot];
            boolean any = false;
            for (int d = 0; d < plans.size(); d++) {
                float[] own = plans.get(d).shifts()[layer];
                if (own == null || state.strengths[d] == 0.0) {
                    continue;
                }
                if (!any) {
                    Arrays.fill(sum, 0.0f);
                    any = true;
                }
                float strength = (float) state.strengths[d];
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += strength * own[i];
                }
            }
            if (any) {
                kernels.write(shift, sum);
                kernels.add(shift, target.rowRange(row, 1));
            }
        }
    }
}
