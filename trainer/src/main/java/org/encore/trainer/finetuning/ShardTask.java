package org.encore.trainer.finetuning;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Completion;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Prompt;
import org.encore.music.text.Timbre;
import org.encore.rewards.Score;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.finetuning.Workers.Cut;
import org.encore.trainer.finetuning.Workers.Draw;

/**
 * The work of some neighbouring shards in one phase of an iteration, for another process: a function of what it holds and of the
 * weights, so it may be done again, elsewhere, with the same bits.
 *
 * @param <R> its result, which can be serialised
 */
public final class ShardTask<R> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String phase;
    private final Work<R> work;
    private final Set<Network> reads;
    private final Network gradient;

    /** The networks whose weights change. */
    public enum Network {
        POLICY,
        VALUE
    }

    ShardTask(String phase, Work<R> work, Set<Network> reads, Optional<Network> gradient) {
        this.phase = phase;
        this.work = work;
        this.reads = Set.copyOf(reads);
        this.gradient = gradient.orElse(null);
    }

    /** A task that does nothing, to see who is there. */
    public static ShardTask<Boolean> attendance() {
        return new ShardTask<>("opening", new Attendance(), Set.of(), Optional.empty());
    }

    /** What is done, in one word. */
    public String phase() {
        return phase;
    }

    /** The networks whose present weights the task needs. */
    public Set<Network> reads() {
        return reads;
    }

    /** The network of which the task leaves a gradient in each of its shards, if it does. */
    public Optional<Network> gradient() {
        return Optional.ofNullable(gradient);
    }

    R run(Bench bench) {
        return work.run(bench);
    }

    /** Where tasks are done: the shards of a process, and what lays out its batches. */
    record Bench(LocalWorkers workers, CodeBatcher batcher, RewardsAtHand rewards) {}

    /** What a task does. */
    @FunctionalInterface
    interface Work<R> extends Serializable {
        R run(Bench bench);
    }

    /** Scores samples by each reward of a run. */
    interface RewardsAtHand {
        Took took(Draw draw);

        /** Scores clips, in the order of the mixture's rewards. */
        @SuppressWarnings("NonApiType") // results must be serialisable
        ArrayList<MemberScores> scores(List<Prompt> prompts, List<int[][]> codes);
    }

    /** Nothing but being there. */
    record Attendance() implements Work<Boolean> {
        @Override
        public Boolean run(Bench bench) {
            return true;
        }
    }

    /** A {@link Draw}. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Take(ArrayList<SentPrompt> prompts, int[] indices, boolean evaluates, long iteration) implements Work<Took> {
        static Take of(Draw draw) {
            return new Take(SentPrompt.of(draw.prompts()), draw.indices(), draw.evaluates(), draw.iteration());
        }

        @Override
        public Took run(Bench bench) {
            return bench.rewards().took(new Draw(SentPrompt.prompts(prompts), indices, evaluates, iteration));
        }
    }

    /**
     * What {@link Take} gives.
     *
     * @param scores by each reward, in the order of the mixture
     */
    record Took(
            ArrayList<Completion> completions,
            ArrayList<MemberScores> scores,
            ArrayList<LinkedHashMap<String, Double>> confounders,
            double generateSeconds,
            double rewardSeconds)
            implements Serializable {}

    /**
     * The scores of one reward, as it returned them.
     *
     * @param scores null if it failed, or returned nothing
     * @param failure what was wrong, to follow the name of the reward; null if nothing was
     * @param failedAt the first sample that fails alone, as an index of the task; -1 if none does
     */
    record MemberScores(ArrayList<Score> scores, String failure, int failedAt) implements Serializable {}

    /** {@link Workers#scores}. */
    record Scoring(ArrayList<SentPrompt> prompts, ArrayList<int[][]> codes) implements Work<ArrayList<MemberScores>> {
        static Scoring of(List<Prompt> prompts, List<int[][]> codes) {
            return new Scoring(SentPrompt.of(prompts), new ArrayList<>(codes));
        }

        @Override
        public ArrayList<MemberScores> run(Bench bench) {
            return bench.rewards().scores(SentPrompt.prompts(prompts), codes);
        }
    }

    /** A pass that gives one table for each micro-batch. */
    enum Pass {
        REFERENCE,
        UNGUIDED,
        VALUES
    }

    /** Tables {@code [B, T]} of micro-batches. */
    record Tables(Pass pass, Batches batches) implements Work<ArrayList<double[][]>> {
        @Override
        public ArrayList<double[][]> run(Bench bench) {
            Cut cut = batches.cut(bench.batcher());
            return new ArrayList<>(
                    switch (pass) {
                        case REFERENCE -> bench.workers().referenceLogProbs(cut);
                        case UNGUIDED -> bench.workers().unguidedLogProbs(cut);
                        case VALUES -> bench.workers().values(cut);
                    });
        }
    }

    /** {@link Workers#likelihood}. */
    record KnownCodes(Batches batches) implements Work<ArrayList<Likelihood.Sums>> {
        @Override
        public ArrayList<Likelihood.Sums> run(Bench bench) {
            return new ArrayList<>(bench.workers().likelihood(batches.cut(bench.batcher())));
        }
    }

    /** {@link Workers#divergence}. */
    record Divergences(Batches batches) implements Work<ArrayList<Double>> {
        @Override
        public ArrayList<Double> run(Bench bench) {
            return new ArrayList<>(bench.workers().divergence(batches.cut(bench.batcher())));
        }
    }

    /** {@link Workers#policyCodes} or {@link Workers#referenceCodes}. */
    record Codes(boolean ofPolicy, ArrayList<CodeSequence> sequences) implements Work<ArrayList<double[][]>> {
        @Override
        public ArrayList<double[][]> run(Bench bench) {
            return new ArrayList<>(
                    (ofPolicy ? bench.workers().policyCodes() : bench.workers().referenceCodes()).logProbs(sequences));
        }
    }

    /** {@link Workers#accumulatePolicy}; tables have a row for each sequence of the batches. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record PolicyGradient(
            Batches batches, double[][] behaviour, double[][] advantages, double coefficient, int stepsInBatch)
            implements Work<ArrayList<PolicyReport>> {
        @Override
        public ArrayList<PolicyReport> run(Bench bench) {
            Evidence evidence = new Evidence(behaviour, advantages, coefficient);
            return new ArrayList<>(
                    bench.workers().accumulatePolicy(batches.cut(bench.batcher()), evidence, stepsInBatch));
        }
    }

    /** {@link Workers#accumulateValue}; tables have a row for each sequence of the batches. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record ValueGradient(Batches batches, double[][] values, double[][] returns, int stepsInBatch)
            implements Work<ArrayList<Double>> {
        @Override
        public ArrayList<Double> run(Bench bench) {
            return new ArrayList<>(
                    bench.workers().accumulateValue(batches.cut(bench.batcher()), values, returns, stepsInBatch));
        }
    }

    /**
     * Micro-batches with their sequences, before they are laid out.
     *
     * @param members of each micro-batch, as indices of {@code sequences}
     */
    record Batches(ArrayList<CodeSequence> sequences, ArrayList<int[]> members) implements Serializable {
        Cut cut(CodeBatcher batcher) {
            List<CodeBatcher.MicroBatch> microBatches = new ArrayList<>();
            members.forEach(each -> microBatches.add(batcher.microBatch(sequences, each)));
            return new Cut(sequences, microBatches);
        }

        /** Some micro-batches with their sequences alone, numbered anew. */
        static final class Selection {
            private final Map<Integer, Integer> places = new LinkedHashMap<>();
            private final Batches batches;

            Selection(Cut cut, int[] items) {
                ArrayList<CodeSequence> sequences = new ArrayList<>();
                ArrayList<int[]> members = new ArrayList<>();
                for (int item : items) {
                    int[] own = cut.microBatches().get(item).members().clone();
                    for (int i = 0; i < own.length; i++) {
                        Integer known = places.putIfAbsent(own[i], sequences.size());
                        if (known == null) {
                            sequences.add(cut.sequences().get(own[i]));
                        }
                        own[i] = places.get(own[i]);
                    }
                    members.add(own);
                }
                this.batches = new Batches(sequences, members);
            }

            Batches batches() {
                return batches;
            }

            /** The rows of a table that belong to the sequences. */
            double[][] rows(double[][] table) {
                return places.keySet().stream().map(b -> table[b]).toArray(double[][]::new);
            }
        }
    }

    /** A prompt; an optional value cannot be serialised, null can. */
    record SentPrompt(
            String text,
            Style style,
            TreeSet<Timbre> instruments,
            TempoBand tempo,
            Mode mode,
            Texture texture,
            Density density,
            MeterKind meter)
            implements Serializable {
        static ArrayList<SentPrompt> of(List<Prompt> prompts) {
            ArrayList<SentPrompt> sent = new ArrayList<>();
            prompts.forEach(prompt -> sent.add(of(prompt)));
            return sent;
        }

        static List<Prompt> prompts(List<SentPrompt> sent) {
            return sent.stream().map(SentPrompt::prompt).toList();
        }

        private static SentPrompt of(Prompt prompt) {
            Attributes a = prompt.attributes();
            return new SentPrompt(
                    prompt.text(),
                    a.style().orElse(null),
                    new TreeSet<>(a.instruments()),
                    a.tempo().orElse(null),
                    a.mode().orElse(null),
                    a.texture().orElse(null),
                    a.density().orElse(null),
                    a.meter().orElse(null));
        }

        private Prompt prompt() {
            return new Prompt(
                    text,
                    new Attributes(
                            Optional.ofNullable(style),
                            instruments,
                            Optional.ofNullable(tempo),
                            Optional.ofNullable(mode),
                            Optional.ofNullable(texture),
                            Optional.ofNullable(density),
                            Optional.ofNullable(meter)));
        }
    }
}
