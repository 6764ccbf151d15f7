package org.encore.rewards.adherence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.analysis.Adherence;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.Split;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.adherence.AdherenceTraining.AdherenceLearning;
import org.encore.rewards.adherence.AdherenceTraining.Contradiction;
import org.encore.rewards.features.AudioInputs.WindowFeatures;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.PolicySamples;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.run.Progress;

/**
 * Predicts how well the sound of a clip matches its caption, as a cosine in [-1, 1]. Measured by {@link HeldOutChoices}
 * and, on half as many completions of the policy, by {@link RefereeAgreement}.
 *
 * @param model directory of the trained reward
 */
public record TextAdherence(Path model) implements RewardKind {
    /** The kind in {@code reward.json}. */
    static final String NAME = "text-adherence";

    /** The reward that ships. */
    public static TextAdherence defaults() {
        return new TextAdherence(Path.of("checkpoints/rewards/adherence"));
    }

    /**
     * {@link AdherenceTraining}.
     *
     * @param learning settings of the training
     */
    public record Training(AdherenceLearning learning) implements RewardTraining {
        /** The settings of the shipped reward. */
        public static Training defaults() {
            return new Training(AdherenceLearning.defaults());
        }

        @Override
        public RewardKind kind() {
            return TextAdherence.defaults();
        }

        @Override
        public long seed() {
            return learning.seed();
        }

        @Override
        public RewardTrainer trainer(Progress progress) {
            return new AdherenceTraining(learning, progress);
        }
    }

    @Override
    public TextAdherence located(UnaryOperator<Path> locate) {
        return new TextAdherence(locate.apply(model));
    }

    @Override
    public Class<Training> training() {
        return Training.class;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean readsCaptions() {
        return true;
    }

    @Override
    public boolean usesPolicySamples() {
        return true;
    }

    @Override
    public RewardModel open(String id, RewardDirectory directory) throws IOException {
        return AdherenceReward.open(id, directory);
    }

    @Override
    public RewardReport evaluate(
            RewardDirectory directory, int clips, Split split, PolicySamples policy, Progress progress)
            throws IOException {
        AdherenceReward reward = AdherenceReward.open(NAME, directory);
        HeldOutChoices choices = HeldOutChoices.of(reward, clips, split, progress);
        List<Sample> samples = policy.generate(clips / 2);
        RefereeAgreement agreement = RefereeAgreement.of(reward, samples);
        Map<String, Object> metrics = new LinkedHashMap<>(choices.metrics());
        metrics.putAll(agreement.metrics());
        return new RewardReport(metrics, choices.table() + "\n" + agreement.table());
    }

    /**
     * How well the reward ranks completions of a policy as the referee does, whose rules read notes and are independent
     * of the training.
     *
     * @param spearman rank correlation of scores and {@link Adherence#mean}, in [-1, 1]; NaN if all scores are equal
     * @param completions number of completions
     */
    record RefereeAgreement(double spearman, int completions) {
        private static final double Z = 1.959964;

        /** Measures a reward on pieces with notes. */
        static RefereeAgreement of(AdherenceReward reward, List<Sample> samples) {
            List<Score> scores = reward.score(samples);
            double[] rewarded = scores.stream().mapToDouble(Score::value).toArray();
            double[] scored = samples.stream()
                    .mapToDouble(sample -> Adherence.of(
                                    sample.prompt().attributes(),
                                    sample.clip().piece().orElseThrow())
                            .mean())
                    .toArray();
            return new RefereeAgreement(new SpearmansCorrelation().correlation(rewarded, scored), samples.size());
        }

        /**
         * A bound of the 95 % interval.
         *
         * @param sign -1 for the lower, 1 for the upper
         * @paper Bonett and Wright 2000: on the scale of Fisher's z, variance {@code (1 + rho²/2) / (n - 3)}
         */
        double end(int sign) {
            double deviation = Math.sqrt((1.0 + spearman * spearman / 2.0) / (completions - 3));
            double z = 0.5 * Math.log((1.0 + spearman) / (1.0 - spearman));
            return Math.tanh(z + sign * Z * deviation);
        }

        /** For programs. */
        Map<String, Object> metrics() {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("spearman_referee", Double.isFinite(spearman) ? spearman : null);
            metrics.put("completions", completions);
            return metrics;
        }

        /** For people. */
        String table() {
            return String.format(
                    Locale.ROOT,
                    "Rank correlation with the referee's adherence on %d pieces that the policy generated for held-out prompts:"
                            + " %.3f, 95 %% interval [%.3f, %.3f].%n",
                    completions,
                    spearman,
                    end(-1),
                    end(1));
        }
    }

    /**
     * Accuracy of choosing the true caption over one that is wrong in one aspect, and recall of a clip's own caption
     * among 100: on études of held-out combinations, in held-out wordings.
     *
     * @param byAspect choices per aspect
     * @param recalls recall at 1, 5 and 10 of 100
     * @param clips number of clips
     */
    record HeldOutChoices(Map<Aspect, Share> byAspect, SortedMap<Integer, Double> recalls, int clips) {
        private static final long SEED = 20_000_003;
        private static final int CANDIDATES = 100;
        private static final List<Integer> RANKS = List.of(1, 5, 10);

        /**
         * Successes out of trials.
         *
         * @param right number of successes
         * @param all number of trials
         */
        record Share(int right, int all) {
            private static final double Z = 1.959964;

            double value() {
                return (double) right / all;
            }

            Share plus(Share other) {
                return new Share(right + other.right, all + other.all);
            }

            /** A 95 % interval (Wilson 1927), as text in per cent. */
            String interval() {
                double middle = (right + Z * Z / 2.0) / (all + Z * Z);
                double half = Z / (all + Z * Z) * Math.sqrt(right * (double) (all - right) / all + Z * Z / 4.0);
                return String.format(Locale.ROOT, "[%.1f, %.1f]", 100.0 * (middle - half), 100.0 * (middle + half));
            }
        }

        /** Measures a reward on the first held-out études, of a seed that training does not use. */
        static HeldOutChoices of(AdherenceReward reward, int clips, Split split, Progress progress) {
            Etudes etudes = new Etudes(SEED);
            CaptionWriter captions = new CaptionWriter();
            RandomStreams streams = new RandomStreams(SEED);
            Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
            Map<Aspect, Share> byAspect = new EnumMap<>(Aspect.class);
            List<WindowFeatures.Clip> clipFeatures = new ArrayList<>();
            List<String> own = new ArrayList<>();
            for (int i = 0; i < clips; i++) {
                Etude etude = split == Split.TEST ? etudes.test(i) : etudes.heldOut(i);
                WindowFeatures.Clip clip = reward.extract(
                        Sample.of(etude.prompt(), Clip.of(etude.piece(), () -> synthesiser.render(etude.piece()))));
                clipFeatures.add(clip);
                own.add(etude.prompt().text());
                for (Aspect aspect : etude.prompt().attributes().mentioned()) {
                    int choice = byAspect.values().stream().mapToInt(Share::all).sum();
                    boolean right = choose(reward, clip, pair(etude.prompt(), aspect, captions, streams, choice));
                    byAspect.merge(aspect, new Share(right ? 1 : 0, 1), Share::plus);
                }
                progress.step("choosing", i + 1, clips, "");
            }
            return new HeldOutChoices(byAspect, recalls(reward, clipFeatures, own), clips);
        }

        /** A true caption and one that contradicts it in one aspect, from the same random stream. */
        private static List<String> pair(
                Prompt caption, Aspect aspect, CaptionWriter captions, RandomStreams streams, int choice) {
            Attributes wrong =
                    Contradiction.of(caption.attributes(), aspect, streams.stream(Purpose.EVALUATION, choice));
            List<String> pair = new ArrayList<>();
            for (Attributes attributes : List.of(caption.attributes(), wrong)) {
                pair.add(captions.writeAll(attributes, Wording.HELD_OUT, streams.stream(Purpose.CAPTION, choice))
                        .text());
            }
            return pair;
        }

        private static boolean choose(AdherenceReward reward, WindowFeatures.Clip clip, List<String> pair) {
            double difference = 0.0;
            for (double[] window : reward.cosines(clip, pair)) {
                difference += window[0] - window[1];
            }
            return difference > 0.0;
        }

        /** Recall over all complete groups of candidates. */
        private static SortedMap<Integer, Double> recalls(
                AdherenceReward reward, List<WindowFeatures.Clip> clipFeatures, List<String> own) {
            SortedMap<Integer, Double> recalls = new TreeMap<>();
            int counted = clipFeatures.size() / CANDIDATES * CANDIDATES;
            for (int i = 0; i < counted; i++) {
                int group = i / CANDIDATES * CANDIDATES;
                double[] scores = new double[CANDIDATES];
                for (double[] window : reward.cosines(clipFeatures.get(i), own.subList(group, group + CANDIDATES))) {
                    for (int j = 0; j < CANDIDATES; j++) {
                        scores[j] += window[j];
                    }
                }
                int better = 0;
                for (int j = 0; j < CANDIDATES; j++) {
                    better += j != i - group && scores[j] >= scores[i - group] ? 1 : 0;
                }
                for (int rank : RANKS) {
                    recalls.merge(rank, better < rank ? 1.0 / counted : 0.0, Double::sum);
                }
            }
            return recalls;
        }

        private Share all() {
            return byAspect.values().stream().reduce(new Share(0, 0), Share::plus);
        }

        /** For programs. */
        Map<String, Object> metrics() {
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("pick_accuracy", all().value());
            metrics.put(
                    "worst_attribute_accuracy",
                    byAspect.values().stream().mapToDouble(Share::value).min().orElseThrow());
            recalls.forEach((rank, share) -> metrics.put("recall_at_" + rank, share));
            Map<String, Object> aspects = new LinkedHashMap<>();
            byAspect.forEach((aspect, share) -> aspects.put(aspect.name().toLowerCase(Locale.ROOT), share.value()));
            metrics.put("accuracy_by_attribute", aspects);
            metrics.put("choices", all().all());
            metrics.put("clips", clips);
            return metrics;
        }

        /** For people. */
        String table() {
            StringBuilder table = new StringBuilder(String.format(
                    Locale.ROOT,
                    "Given a clip and two captions that differ in one attribute, how often the true one scores higher"
                            + " (%d clips of held-out combinations, held-out wordings; chance is 50 %%):%n%n",
                    clips));
            table.append("| attribute | right, % | 95 % interval | choices |\n|---|--:|---|--:|\n");
            byAspect.forEach((aspect, share) -> table.append(row(aspect.name().toLowerCase(Locale.ROOT), share)));
            table.append(row("**all**", all()));
            recalls.forEach((rank, share) -> table.append(String.format(
                    Locale.ROOT,
                    "%sown caption among the first %d of 100: %.1f %% (chance %d %%)",
                    rank.equals(RANKS.get(0)) ? "\n" : "; ",
                    rank,
                    100.0 * share,
                    rank)));
            return table.append(".\n").toString();
        }

        private static String row(String name, Share share) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %.1f | %s | %d |%n",
                    name,
                    100.0 * share.value(),
                    share.interval(),
                    share.all());
        }
    }
}
