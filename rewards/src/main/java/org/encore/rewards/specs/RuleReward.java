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
 * Rewards computed by rules of music: cheap and explained, but easily maximised by dull music.
 *
 * <p>Every score lies in [0, 1]; all but {@link Length} read notes and abstain from clips without notes. All are
 * stateless and thread-safe.
 *
 * <p>The same analysers compute the referee's metrics, which check learned rewards. A run that trains on rules has no
 * independent check: use rules to test a setup, and learned rewards to improve music.
 */
public sealed interface RuleReward extends RewardSpec {
    /** Scores one sample. */
    Score score(Sample sample);

    @Override
    default RewardModel reward(String id) {
        return new NamedRule(id, this);
    }

    /** The abstention for a clip without notes. */
    private static Score withoutNotes() {
        return Score.abstention("the clip is sound alone");
    }

    /** A rule with its id. */
    record NamedRule(String id, RuleReward rule) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            return rule.score(sample);
        }
    }

    /**
     * Rewards clips that follow their prompt: the mean score over the aspects that it mentions, in [0, 1].
     *
     * <p>Abstains if the prompt mentions nothing that can be checked.
     */
    record RuleAdherence() implements RuleReward {
        /** The only value. */
        public static RuleAdherence defaults() {
            return new RuleAdherence();
        }

        @Override
        public boolean needsAttributes() {
            return true;
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
     * Rewards consonance: the consonant share of the time in which notes sound together; 0 without notes.
     *
     * <p>A single voice scores 1, because nothing in it clashes: combine this with another reward.
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
     * Rewards a number of notes per second: the smaller of target and measured density over the larger.
     *
     * @param notesPerSecond target density, which scores 1
     */
    record NoteDensity(double notesPerSecond) implements RuleReward {
        public NoteDensity {
            Checks.above("notesPerSecond", notesPerSecond, 0.0);
        }

        /** 4 notes per second: our choice. */
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
     * Rewards lengths within bounds: 1 inside, the ratio to the nearer bound outside.
     *
     * <p>The length is the end of the last note, or the length of the sound for clips without notes.
     *
     * @param atLeastSeconds shortest length that scores 1
     * @param atMostSeconds longest length that scores 1
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
