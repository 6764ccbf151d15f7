package org.encore.rewards.specs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.base.settings.Checks;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.RewardSpec;

/**
 * Rewards that follow from rules of music: cheap, explained, and easily satisfied by dull music.
 *
 * <p>Every score lies in [0, 1]; all but {@link Length} read notes and abstain from clips that have sound only. All of
 * them are records without state, hence thread-safe.
 *
 * <p>The analysers behind them are also the referee that tells whether a learned reward is right. A run that trains on
 * rules has no referee left: use them to try the machinery, and learned rewards to make music.
 */
public sealed interface RuleReward extends RewardSpec {
    /** Scores one sample. */
    Score score(Sample sample);

    @Override
    default RewardModel reward(String id) {
        return new NamedRule(id, this);
    }

    /** No score for a clip whose notes are not known. */
    private static Score withoutNotes() {
        return Score.abstention("the clip is sound alone");
    }

    /** A rule under the name that metrics have for it. */
    record NamedRule(String id, RuleReward rule) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            return rule.score(sample);
        }
    }

    /**
     * Rewards clips that do what their prompt mentions: the mean score over the aspects mentioned.
     *
     * <p>Abstains where the prompt mentions nothing that can be checked.
     */
    record RuleAdherence() implements RuleReward {
        /** The only value. */
        public static RuleAdherence defaults() {
            return new RuleAdherence();
        }

        @Override
        public Score score(Sample sample) {
            if (sample.prompt().attributes().mentioned().isEmpty()) {
                return Score.abstention("the prompt mentions nothing that rules can check");
            }
            return sample.clip().piece().map(piece -> score(sample, piece)).orElseGet(RuleReward::withoutNotes);
        }

        private static Score score(Sample sample, Piece piece) {
            Adherence adherence = Adherence.of(sample.prompt().attributes(), piece);
            double share = 1.0 / adherence.verdicts().size();
            List<Explanation> parts = new ArrayList<>();
            adherence.verdicts().forEach((aspect, verdict) -> {
                String name = aspect.name().toLowerCase(Locale.ROOT);
                parts.add(Explanation.product(
                        name,
                        Explanation.leaf(share, "share"),
                        Explanation.leaf(verdict.score(), verdict.explanation())));
            });
            return Score.of(Explanation.sum("mean over the aspects mentioned", parts));
        }
    }

    /**
     * Rewards the share of sounding together that is consonant; a clip without notes earns 0.
     *
     * <p>A lone voice earns 1, because nothing in it clashes: mix this with a reward that asks for more.
     */
    record Consonance() implements RuleReward {
        /** The only value. */
        public static Consonance defaults() {
            return new Consonance();
        }

        @Override
        public Score score(Sample sample) {
            return sample.clip().piece().map(Consonance::score).orElseGet(RuleReward::withoutNotes);
        }

        private static Score score(Piece piece) {
            if (piece.notes().isEmpty()) {
                return Score.of(0.0, "no notes");
            }
            double consonance = MusicalMeasures.of(piece).consonance();
            return Score.of(Explanation.leaf(consonance, "share of consonance in all that sounds together"));
        }
    }

    /**
     * Rewards a number of notes a second: the ratio of the lesser to the greater of wanted and measured.
     *
     * @param notesPerSecond the number that earns 1, above 0
     */
    record NoteDensity(double notesPerSecond) implements RuleReward {
        public NoteDensity {
            Checks.above("notesPerSecond", notesPerSecond, 0.0);
        }

        /** 4 notes a second: our choice. */
        public static NoteDensity defaults() {
            return new NoteDensity(4.0);
        }

        @Override
        public Score score(Sample sample) {
            return sample.clip().piece().map(this::score).orElseGet(RuleReward::withoutNotes);
        }

        private Score score(Piece piece) {
            double measured = MusicalMeasures.of(piece).notesPerSecond();
            double ratio = Math.min(measured, notesPerSecond) / Math.max(measured, notesPerSecond);
            return Score.of(Explanation.derived(
                    ratio, "density against " + notesPerSecond, Explanation.leaf(measured, "notes a second")));
        }
    }

    /**
     * Rewards clips that are neither too short nor too long: 1 within the bounds, the ratio to the nearer bound beyond
     * them.
     *
     * <p>Length is the moment the last note ends, or that of the sound where notes are not known.
     *
     * @param atLeastSeconds the shortest length that earns 1, above 0
     * @param atMostSeconds the longest length that earns 1, at least {@code atLeastSeconds}
     */
    record Length(double atLeastSeconds, double atMostSeconds) implements RuleReward {
        public Length {
            boolean ordered = atLeastSeconds > 0.0 && atLeastSeconds <= atMostSeconds;
            if (!(ordered && atMostSeconds < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("atLeastSeconds is " + atLeastSeconds + " and atMostSeconds is "
                        + atMostSeconds + ", but must satisfy 0 < atLeastSeconds <= atMostSeconds");
            }
        }

        /** From 5 to 60 seconds: our choice. */
        public static Length defaults() {
            return new Length(5.0, 60.0);
        }

        @Override
        public Score score(Sample sample) {
            double seconds = sample.clip().piece().map(Piece::seconds).orElseGet(() -> sample.clip()
                    .waveform()
                    .seconds());
            double value = Math.min(1.0, Math.min(seconds / atLeastSeconds, atMostSeconds / Math.max(seconds, 1e-9)));
            return Score.of(Explanation.derived(
                    value,
                    "length against [" + atLeastSeconds + ", " + atMostSeconds + "] s",
                    Explanation.leaf(seconds, "seconds")));
        }
    }
}
