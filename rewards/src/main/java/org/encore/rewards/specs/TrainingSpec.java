package org.encore.rewards.specs;

import org.encore.rewards.adherence.AdherenceKind;
import org.encore.rewards.adherence.AdherenceTraining;
import org.encore.rewards.adherence.AdherenceTraining.AdherenceLearning;
import org.encore.rewards.quality.AudioQualityKind;
import org.encore.rewards.quality.QualityTraining;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.run.Progress;

/** How a learned reward is trained, as it is configured. */
public sealed interface TrainingSpec {
    /** What is trained. */
    RewardKind kind();

    /** Trains it. */
    TrainedReward train(Progress progress);

    /** {@link AdherenceTraining}. */
    record TextAdherence(AdherenceLearning learning) implements TrainingSpec {
        /** What the shipped reward is trained with. */
        public static TextAdherence defaults() {
            return new TextAdherence(AdherenceLearning.defaults());
        }

        @Override
        public RewardKind kind() {
            return new AdherenceKind();
        }

        @Override
        public TrainedReward train(Progress progress) {
            return new AdherenceTraining(learning, progress).run();
        }
    }

    /** {@link QualityTraining}. */
    record AudioQuality(QualityTraining.Settings learning) implements TrainingSpec {
        /** What the shipped estimator is trained with. */
        public static AudioQuality defaults() {
            return new AudioQuality(QualityTraining.Settings.defaults());
        }

        @Override
        public RewardKind kind() {
            return new AudioQualityKind();
        }

        @Override
        public TrainedReward train(Progress progress) {
            return new QualityTraining(learning).run(progress);
        }
    }
}
