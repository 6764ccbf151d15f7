package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Played;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.music.Piece;
import org.encore.music.analysis.Diversity;
import org.encore.music.codec.AudioCodec;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Judgement;
import org.encore.rewards.mixture.Mixture;

/** Plays held-out prompts with fixed seeds and measures what comes out. */
public final class HeldOutEvaluation {
    private final List<Prompt> prompts;
    private final List<CodeBatcher.Part> pieces;
    private final Mixture mixture;
    private final AudioCodec codec;
    private final RandomStreams streams;

    /**
     * What was played and measured.
     *
     * @param samples one for each prompt
     * @param judgement what the rewards said about them
     * @param measured what they and the held-out pieces are like
     */
    public record Outcome(List<Sample> samples, Judgement judgement, Measured measured) {
        /** Every figure by name. */
        public Map<String, Double> figures() {
            return measured.figures();
        }

        /** The samples as models see them. */
        public List<CodeSequence> sequences() {
            return samples.stream()
                    .map(sample -> CodeSequence.of(
                            sample.codes().orElseThrow(), sample.prompt().text()))
                    .toList();
        }
    }

    /**
     * Describes an evaluation.
     *
     * @param prompts never seen in training
     * @param pieces never seen in training, cut into micro-batches
     * @param mixture what samples are judged by, each reward once
     * @param streams the seed of the run
     */
    public HeldOutEvaluation(
            List<Prompt> prompts,
            List<CodeBatcher.Part> pieces,
            Mixture mixture,
            AudioCodec codec,
            RandomStreams streams) {
        this.prompts = List.copyOf(prompts);
        this.pieces = List.copyOf(pieces);
        this.mixture = mixture;
        this.codec = codec;
        this.streams = streams;
    }

    /** Number of prompts. */
    public int prompts() {
        return prompts.size();
    }

    /** Measures a policy; {@code generator} must play with its weights. */
    public Outcome measure(ParallelGenerator generator, Replicas policy, Workspaces workspaces) {
        List<Played> takes = generator.play(
                prompts.stream().map(Prompt::text).toList(), index -> streams.stream(Purpose.EVALUATION, index));
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            int[][] codes = takes.get(i).codes();
            samples.add(Sample.of(prompts.get(i), codec.decode(codes), codes));
        }
        Judgement judgement = mixture.judge(samples);
        Map<String, double[]> bySample = PolicyMeasures.rewards(judgement);
        bySample.putAll(PolicyMeasures.referee(samples));
        Map<String, Double> ofAll = new LinkedHashMap<>();
        List<Piece> played = PolicyMeasures.pieces(samples);
        if (!played.isEmpty()) {
            ofAll.put(PolicyMeasures.DIVERSITY, Diversity.of(played));
        }
        ofAll.put(PolicyMeasures.HELD_OUT_LOSS, Likelihood.lossPerCode(policy, workspaces, pieces));
        return new Outcome(samples, judgement, new Measured(bySample, ofAll));
    }
}
