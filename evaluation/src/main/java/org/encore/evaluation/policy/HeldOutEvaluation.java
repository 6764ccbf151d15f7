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
import org.encore.music.codec.AudioCodec;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;

/** Plays held-out prompts with fixed seeds and measures what comes out. */
public final class HeldOutEvaluation {
    private final List<Prompt> prompts;
    private final List<CodeBatcher.Part> pieces;
    private final List<RewardModel> rewards;
    private final AudioCodec codec;
    private final RandomStreams streams;

    /**
     * What was played and measured.
     *
     * @param samples one for each prompt
     * @param figures means by name: each reward's, and the referee's
     */
    public record Outcome(List<Sample> samples, Map<String, Double> figures) {
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
     * @param streams the seed of the run
     */
    public HeldOutEvaluation(
            List<Prompt> prompts,
            List<CodeBatcher.Part> pieces,
            List<RewardModel> rewards,
            AudioCodec codec,
            RandomStreams streams) {
        this.prompts = List.copyOf(prompts);
        this.pieces = List.copyOf(pieces);
        this.rewards = List.copyOf(rewards);
        this.codec = codec;
        this.streams = streams;
    }

    /** Number of prompts. */
    public int prompts() {
        return prompts.size();
    }

    /** Measures a policy; {@code generator} must play with its weights. */
    public Outcome measure(ParallelGenerator generator, Replicas policy, Workspaces workspaces) {
        List<Played> played = generator.play(
                prompts.stream().map(Prompt::text).toList(), index -> streams.stream(Purpose.EVALUATION, index));
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < played.size(); i++) {
            int[][] codes = played.get(i).codes();
            samples.add(Sample.of(prompts.get(i), codec.decode(codes), codes));
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.putAll(PolicyMeasures.rewards(rewards, samples));
        figures.putAll(PolicyMeasures.referee(samples));
        figures.put("held_out_loss", Likelihood.lossPerCode(policy, workspaces, pieces));
        return new Outcome(samples, figures);
    }
}
