package org.encore.rewards.quality;

import java.io.IOException;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardModel;
import org.encore.rewards.quality.Estimator.QualitySettings;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.PolicySamples;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.run.Progress;

/** Estimators of quality, on disk and measured. */
public final class AudioQualityKind implements RewardKind {
    /** Its name in files and configurations. */
    public static final String NAME = "audio-quality";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean readsCaptions() {
        return false;
    }

    @Override
    public boolean usesPolicySamples() {
        return false;
    }

    @Override
    public RewardModel open(String id, RewardDirectory directory) throws IOException {
        return new AudioQuality(id, estimator(directory));
    }

    /** Measures with held-out rated clips; what a policy plays is not needed, because nobody rated it. */
    @Override
    public RewardReport evaluate(RewardDirectory directory, int clips, PolicySamples policy, Progress progress)
            throws IOException {
        return new QualityMeasures(new AudioQuality(NAME, estimator(directory)), QualityMeasures.Settings.of(clips))
                .run(progress);
    }

    private static Estimator estimator(RewardDirectory directory) throws IOException {
        directory.requireKind(NAME);
        QualitySettings settings = directory.settings(QualitySettings.class);
        try {
            Estimator estimator = new Estimator(settings);
            estimator.network().load(directory.weights());
            return estimator;
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(directory.path(), "is not an estimator of quality: " + e.getMessage(), e);
        }
    }
}
