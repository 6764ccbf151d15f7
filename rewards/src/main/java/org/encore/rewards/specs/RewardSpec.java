package org.encore.rewards.specs;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.encore.rewards.RewardModel;
import org.encore.rewards.mixture.Member;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.preference.PreferenceReward;
import org.encore.rewards.quality.AudioQualityKind;
import org.encore.rewards.quality.OpinionCurve;

/**
 * One reward of a mixture, as it is configured.
 *
 * <p>All kinds have in common: {@code id}, the name in metrics, by default the kind; {@code weight}, at least 0, by
 * default 1; {@code schedule}, {@code normaliser} and {@code clip}, which by default leave weight and score as they
 * are. What {@code defaults()} leaves null has no default: a configuration must say it.
 */
public sealed interface RewardSpec
        permits RewardSpec.RuleAdherence,
                RewardSpec.Consonance,
                RewardSpec.NoteDensity,
                RewardSpec.Length,
                RewardSpec.Preference,
                RewardSpec.TextAdherence,
                RewardSpec.AudioQuality,
                Java,
                Onnx,
                Service {
    /** The most seconds that rewards of unknown make have for a batch, unless a configuration says otherwise. */
    double LONGEST_SECONDS = 600.0;

    /** The name in metrics. */
    String id();

    /** How much the normalised score counts. */
    double weight();

    /** How the weight changes with time. */
    WeightSchedule schedule();

    /** How scores come to the common scale. */
    Normaliser normaliser();

    /** Limits of normalised scores. */
    Bounds clip();

    /** Builds the reward itself. */
    RewardModel reward();

    /**
     * Looks for what the reward needs besides its settings, cheaply.
     *
     * @throws org.encore.base.files.InvalidFileException if a file is missing or not of the right kind
     * @throws IllegalArgumentException if something else is not as it must be
     */
    default void requireUsable() {}

    /** The same with its files looked for elsewhere; as it is, if it has none. */
    default RewardSpec located(UnaryOperator<Path> locate) {
        return this;
    }

    /** Builds the reward with its weight. */
    default Member member() {
        return new Member(reward(), weight(), schedule(), normaliser(), clip());
    }

    /** {@link org.encore.rewards.rules.RuleAdherence}. */
    record RuleAdherence(String id, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip)
            implements RewardSpec {
        public RuleAdherence {
            Member.requireValid(id, weight);
        }

        /** With weight 1. */
        public static RuleAdherence defaults() {
            return new RuleAdherence("rule-adherence", 1.0, new Constant(), new Identity(), Bounds.defaults());
        }

        @Override
        public RewardModel reward() {
            return new org.encore.rewards.rules.RuleAdherence(id);
        }
    }

    /** {@link org.encore.rewards.rules.Consonance}. */
    record Consonance(String id, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip)
            implements RewardSpec {
        public Consonance {
            Member.requireValid(id, weight);
        }

        /** With weight 1. */
        public static Consonance defaults() {
            return new Consonance("consonance", 1.0, new Constant(), new Identity(), Bounds.defaults());
        }

        @Override
        public RewardModel reward() {
            return new org.encore.rewards.rules.Consonance(id);
        }
    }

    /** {@link org.encore.rewards.rules.NoteDensity}. */
    record NoteDensity(
            String id,
            double weight,
            WeightSchedule schedule,
            Normaliser normaliser,
            Bounds clip,
            double notesPerSecond)
            implements RewardSpec {
        public NoteDensity {
            Member.requireValid(id, weight);
            org.encore.rewards.rules.NoteDensity.requireValid(notesPerSecond);
        }

        /** With weight 1 and 4 notes a second: our choice. */
        public static NoteDensity defaults() {
            return new NoteDensity("note-density", 1.0, new Constant(), new Identity(), Bounds.defaults(), 4.0);
        }

        @Override
        public RewardModel reward() {
            return new org.encore.rewards.rules.NoteDensity(id, notesPerSecond);
        }
    }

    /** {@link org.encore.rewards.rules.Length}. */
    record Length(
            String id,
            double weight,
            WeightSchedule schedule,
            Normaliser normaliser,
            Bounds clip,
            double atLeastSeconds,
            double atMostSeconds)
            implements RewardSpec {
        public Length {
            Member.requireValid(id, weight);
            org.encore.rewards.rules.Length.requireValid(atLeastSeconds, atMostSeconds);
        }

        /** With weight 1, from 5 to 60 seconds: our choice. */
        public static Length defaults() {
            return new Length("length", 1.0, new Constant(), new Identity(), Bounds.defaults(), 5.0, 60.0);
        }

        @Override
        public RewardModel reward() {
            return new org.encore.rewards.rules.Length(id, atLeastSeconds, atMostSeconds);
        }
    }

    /**
     * {@link org.encore.rewards.preference.PreferenceReward}.
     *
     * @param model the directory that {@code preferences train} has written
     */
    record Preference(String id, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip, Path model)
            implements RewardSpec {
        public Preference {
            Member.requireValid(id, weight);
            if (model.toString().isBlank()) {
                throw new IllegalArgumentException(
                        "model is blank, but must be the directory of a preference model; preferences train makes one");
            }
        }

        /** With weight 1 and the model that a training under {@code runs/preference} leaves. */
        public static Preference defaults() {
            return new Preference(
                    "preference",
                    1.0,
                    new Constant(),
                    new Identity(),
                    Bounds.defaults(),
                    Path.of("runs/preference/model"));
        }

        @Override
        public RewardSpec located(UnaryOperator<Path> locate) {
            return new Preference(id, weight, schedule, normaliser, clip, locate.apply(model));
        }

        @Override
        public RewardModel reward() {
            return PreferenceReward.of(id, model);
        }
    }

    /**
     * {@link org.encore.rewards.adherence.AdherenceReward}.
     *
     * @param model the directory that {@code rewards train} has written
     */
    record TextAdherence(
            String id, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip, Path model)
            implements RewardSpec {
        public TextAdherence {
            Member.requireValid(id, weight);
        }

        /** With weight 1 and the reward that ships. */
        public static TextAdherence defaults() {
            return new TextAdherence(
                    "text-adherence",
                    1.0,
                    new Constant(),
                    new Identity(),
                    Bounds.defaults(),
                    Path.of("checkpoints/rewards/adherence"));
        }

        @Override
        public RewardSpec located(UnaryOperator<Path> locate) {
            return new TextAdherence(id, weight, schedule, normaliser, clip, locate.apply(model));
        }

        @Override
        public void requireUsable() {
            RewardKinds.require(model, "text-adherence");
        }

        @Override
        public RewardModel reward() {
            return RewardKinds.open(id, model);
        }
    }

    /**
     * An opinion score, from 1 to 5, that a trained estimator predicts from the sound.
     *
     * @param model the directory that {@code rewards train} has written
     */
    record AudioQuality(
            String id, double weight, WeightSchedule schedule, Normaliser normaliser, Bounds clip, Path model)
            implements RewardSpec {
        public AudioQuality {
            Member.requireValid(id, weight);
        }

        /** With weight 1, opinion scores from [1, 5] to [0, 1] as in the paper, and the estimator that ships. */
        public static AudioQuality defaults() {
            return new AudioQuality(
                    "audio-quality",
                    1.0,
                    new Constant(),
                    new FixedRange(OpinionCurve.WORST, OpinionCurve.BEST),
                    Bounds.defaults(),
                    Path.of("checkpoints/rewards/quality"));
        }

        @Override
        public RewardSpec located(UnaryOperator<Path> locate) {
            return new AudioQuality(id, weight, schedule, normaliser, clip, locate.apply(model));
        }

        @Override
        public void requireUsable() {
            RewardKinds.require(model, AudioQualityKind.NAME);
        }

        @Override
        public RewardModel reward() {
            return RewardKinds.open(id, model);
        }
    }
}
