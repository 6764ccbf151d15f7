package org.encore.evaluation.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Workspaces;
import org.encore.music.Piece;
import org.encore.music.analysis.Diversity;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.run.Progress;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** Generates completions for held-out prompts with fixed seeds, and measures them. */
public final class HeldOutEvaluation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROMPTS = "prompts_sha256";

    private final List<Prompt> prompts;
    private final boolean[] unseen;
    private final List<CodeBatcher.MicroBatch> pieces;
    private final Mixture mixture;
    private final AudioCodec codec;
    private final RandomStreams streams;

    /**
     * The result of an evaluation.
     *
     * @param samples one for each prompt
     * @param rewardScores their scores
     * @param measured metrics of the completions and of the held-out pieces
     */
    public record Outcome(List<Sample> samples, RewardScores rewardScores, PolicyEvaluation measured) {
        /** All metrics by name. */
        public Map<String, Double> metrics() {
            return measured.metrics();
        }

        /** The samples as sequences of codes. */
        public List<CodeSequence> sequences() {
            return samples.stream()
                    .map(sample -> CodeSequence.of(
                            sample.codes().orElseThrow(), sample.prompt().text()))
                    .toList();
        }
    }

    /**
     * Creates an evaluation.
     *
     * @param corpus its held-out prompts are those of the split to measure on
     * @param prompts how many of them
     * @param pieces held-out pieces in micro-batches; without any, their loss is left out
     * @param mixture the rewards
     * @param streams random streams of the run
     */
    public HeldOutEvaluation(
            Corpus corpus,
            int prompts,
            List<CodeBatcher.MicroBatch> pieces,
            Mixture mixture,
            AudioCodec codec,
            RandomStreams streams) {
        this.prompts = List.copyOf(corpus.heldOutPrompts(prompts));
        if (this.prompts.isEmpty()) {
            throw new IllegalArgumentException("the corpus has too few held-out prompts: none is left for this split;"
                    + " raise corpus.heldOutPerCent, or set evaluation.split to development");
        }
        this.unseen = new boolean[this.prompts.size()];
        for (int i = 0; i < unseen.length; i++) {
            unseen[i] = corpus.isUnseen(this.prompts.get(i));
        }
        this.pieces = List.copyOf(pieces);
        this.mixture = mixture;
        this.codec = codec;
        this.streams = streams;
    }

    /** Number of prompts. */
    public int prompts() {
        return prompts.size();
    }

    /** How many prompts name a combination of attributes that no training item has. */
    public int unseen() {
        int count = 0;
        for (boolean each : unseen) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /**
     * How many prompts are also among others, upper and lower case and white space aside. If all prompts of the evaluation are
     * one text, as in a corpus without captions, none counts.
     *
     * @param trainedOn texts of training prompts
     */
    public int leaked(Collection<String> trainedOn) {
        Set<String> seen = trainedOn.stream().map(HeldOutEvaluation::plain).collect(Collectors.toSet());
        List<String> own = prompts.stream().map(each -> plain(each.text())).toList();
        return own.stream().distinct().count() == 1 && own.size() > 1
                ? 0
                : (int) own.stream().filter(seen::contains).count();
    }

    private static String plain(String text) {
        return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** Writes a measurement with the SHA-256 of the prompts it is of. */
    public void remember(PolicyEvaluation measured, Path file) throws IOException {
        ObjectNode tree = JSON.valueToTree(measured);
        tree.put(PROMPTS, promptsDigest());
        AtomicFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    }

    /**
     * Reads a measurement.
     *
     * @param unmarked whether files of earlier versions, which have no digest, are of the same prompts
     * @throws InvalidFileException if it is of other prompts
     */
    public PolicyEvaluation remembered(Path file, boolean unmarked) throws IOException {
        JsonNode digest;
        PolicyEvaluation measured;
        try {
            ObjectNode tree = JSON.readValue(file.toFile(), ObjectNode.class);
            digest = tree.remove(PROMPTS);
            measured = JSON.treeToValue(tree, PolicyEvaluation.class);
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(
                    file, "is damaged: it holds no evaluation; delete it, and the start is measured again", e);
        }
        boolean same = digest == null ? unmarked : digest.asText().equals(promptsDigest());
        if (!same) {
            throw new InvalidFileException(
                    file, "is of other held-out prompts than those of the corpus now; start a new run");
        }
        return measured;
    }

    private String promptsDigest() {
        return Manifest.sha256(
                String.join("\n", prompts.stream().map(Prompt::text).toList()));
    }

    /** Measures a policy; {@code generator} must use its weights. */
    public Outcome measure(ParallelGenerator generator, Replicas policy, Workspaces workspaces, Progress progress) {
        List<Completion> takes = generator.generateReporting(
                prompts.stream().map(Prompt::text).toList(),
                index -> streams.stream(Purpose.EVALUATION, index),
                done -> progress.step("evaluating", done, prompts.size(), ""));
        return measured(samples(takes), policy, workspaces);
    }

    /**
     * Measures best-of-N sampling of a policy: of several completions of each prompt the one with the highest total of a
     * mixture; the first is the one of {@link #measure}. Abstentions lose.
     *
     * @param each N, at least 1
     * @param chooser the rewards by which the best is told
     */
    public Outcome measureBestOf(
            int each,
            Mixture chooser,
            ParallelGenerator generator,
            Replicas policy,
            Workspaces workspaces,
            Progress progress) {
        List<Sample> best = new ArrayList<>();
        double[] highest = new double[prompts.size()];
        Arrays.fill(highest, Double.NEGATIVE_INFINITY);
        for (int turn = 0; turn < each; turn++) {
            int number = turn;
            List<Sample> samples = samples(generator.generateReporting(
                    prompts.stream().map(Prompt::text).toList(),
                    index -> number == 0
                            ? streams.stream(Purpose.EVALUATION, index)
                            : streams.stream(Purpose.EVALUATION, index, number),
                    done -> progress.step(
                            "best of " + each,
                            (long) number * prompts.size() + done,
                            (long) each * prompts.size(),
                            "")));
            List<Score> scores = chooser.rewardScores(samples).scores();
            for (int i = 0; i < samples.size(); i++) {
                double score = scores.get(i).abstains()
                        ? Double.NEGATIVE_INFINITY
                        : scores.get(i).value();
                if (number == 0) {
                    best.add(samples.get(i));
                    highest[i] = score;
                } else if (score > highest[i]) {
                    best.set(i, samples.get(i));
                    highest[i] = score;
                }
            }
        }
        return measured(best, policy, workspaces);
    }

    private List<Sample> samples(List<Completion> takes) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            int[][] codes = takes.get(i).codes();
            samples.add(Sample.of(prompts.get(i), codec.decode(codes), codes));
        }
        return samples;
    }

    private Outcome measured(List<Sample> samples, Replicas policy, Workspaces workspaces) {
        RewardScores rewardScores = mixture.rewardScores(samples);
        Map<String, double[]> bySample = PolicyMetrics.rewards(rewardScores);
        bySample.putAll(PolicyMetrics.referee(samples, unseen));
        codec.endCode().ifPresent(end -> bySample.put(PolicyMetrics.CLIPPED, PolicyMetrics.clipped(samples, end)));
        Map<String, Double> ofAll = new LinkedHashMap<>();
        List<Piece> completions = PolicyMetrics.pieces(samples);
        if (!completions.isEmpty()) {
            ofAll.put(PolicyMetrics.DIVERSITY, Diversity.of(completions));
        }
        if (!pieces.isEmpty()) {
            ofAll.put(PolicyMetrics.HELD_OUT_LOSS, Likelihood.lossPerCode(policy, workspaces, pieces));
        }
        return new Outcome(samples, rewardScores, new PolicyEvaluation(bySample, ofAll));
    }

    /**
     * Metrics of an evaluation.
     *
     * @param bySample metrics of each sample by name, NaN where not defined; sample i is of prompt i
     * @param ofAll metrics of all samples or pieces together
     */
    public record PolicyEvaluation(Map<String, double[]> bySample, Map<String, Double> ofAll) {
        /** All metrics by name: means over samples, then those of all together. */
        public Map<String, Double> metrics() {
            Map<String, Double> metrics = new LinkedHashMap<>();
            bySample.forEach((name, values) -> metrics.put(name, Means.of(values)));
            metrics.putAll(ofAll);
            return metrics;
        }

        /**
         * Difference of each metric of single samples to that of another policy on the same prompts: means of paired
         * differences, with bootstrap intervals over the sources of the prompts.
         *
         * @param sources what each prompt comes from, e.g. a song; prompts of one source vary together
         * @return empty if there is one source alone, which says nothing of others
         */
        public Map<String, Interval> minus(PolicyEvaluation other, List<String> sources, Bootstrap bootstrap) {
            Map<String, Interval> differences = new LinkedHashMap<>();
            if (sources.stream().distinct().count() < 2) {
                return differences;
            }
            bySample.forEach((name, values) -> {
                double[] others = other.bySample.get(name);
                if (others != null && others.length == values.length) {
                    double[] paired = new double[values.length];
                    Arrays.setAll(paired, i -> values[i] - others[i]);
                    differences.put(name, bootstrap.mean(sources, paired));
                }
            });
            return differences;
        }
    }
}
