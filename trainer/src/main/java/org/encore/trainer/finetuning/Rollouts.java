package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Played;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.trainer.steps.ValidSteps;

/** What the policy played in an iteration, with the prompts it played for. */
final class Rollouts {
    private final List<Prompt> prompts;
    private final List<Played> played;
    private final int[] groups;
    private final ValidSteps steps;
    private final double[][] logProbs;

    /**
     * Collects.
     *
     * @param prompts the prompt of each sample
     * @param played the samples
     * @param groups number of each sample's prompt in the iteration
     */
    Rollouts(List<Prompt> prompts, List<Played> played, int[] groups) {
        this.prompts = List.copyOf(prompts);
        this.played = List.copyOf(played);
        this.groups = groups.clone();
        int[] lengths = played.stream().mapToInt(Played::steps).toArray();
        this.steps = new ValidSteps(lengths, Arrays.stream(lengths).max().orElseThrow());
        this.logProbs = steps.table((b, t) -> played.get(b).logProbs()[t]);
    }

    int count() {
        return played.size();
    }

    ValidSteps steps() {
        return steps;
    }

    /** Log-probability of each step under the policy that sampled it. @shape {@code [B, T]} */
    double[][] logProbs() {
        return logProbs;
    }

    int[] groups() {
        return groups.clone();
    }

    Prompt prompt(int sample) {
        return prompts.get(sample);
    }

    int[][] codes(int sample) {
        return played.get(sample).codes();
    }

    /** Number of codes of all samples together. */
    int codeCount() {
        return played.stream()
                .mapToInt(each -> each.codes().length * each.codes()[0].length)
                .sum();
    }

    /** The samples as rewards see them. */
    List<Sample> samples(AudioCodec codec) {
        List<Sample> samples = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            samples.add(Sample.of(prompts.get(b), codec.decode(codes(b)), codes(b)));
        }
        return samples;
    }

    /** The samples as models see them. */
    List<CodeSequence> sequences() {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int b = 0; b < count(); b++) {
            sequences.add(CodeSequence.of(codes(b), prompts.get(b).text()));
        }
        return sequences;
    }

    /** Only some of the samples, in the order given. */
    Rollouts only(int[] members) {
        return new Rollouts(
                Arrays.stream(members).mapToObj(prompts::get).toList(),
                Arrays.stream(members).mapToObj(played::get).toList(),
                Arrays.stream(members).map(b -> groups[b]).toArray());
    }
}
