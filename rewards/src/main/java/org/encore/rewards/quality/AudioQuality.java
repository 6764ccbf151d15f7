package org.encore.rewards.quality;

import java.util.List;
import org.encore.rewards.Explanation;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.features.AudioFeatures;
import org.encore.rewards.features.AudioInputs.WindowFeatures;

/**
 * Estimates the mean opinion score of a clip: the mean of those of its first and its last window, in [1, 5].
 *
 * <p>A clip that is shorter than a window is followed by silence, as a listener would hear it. The prompt does not count.
 * Clips are rendered and heard on all cores, and judged one by one, so that a score does not depend on its batch.
 *
 * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>: the
 *     first and the last 20 s of 30; our clips are shorter
 */
final class AudioQuality implements RewardModel {
    /** Windows that are judged of a clip. */
    static final int WINDOWS = 2;

    private static final double SHARE = 1.0 / WINDOWS;

    private final String id;
    private final Estimator estimator;
    private final AudioFeatures features;

    AudioQuality(String id, Estimator estimator) {
        this.id = id;
        this.estimator = estimator;
        this.features = new AudioFeatures(estimator.settings().features());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<Score> score(List<Sample> batch) {
        List<WindowFeatures.Clip> heard = batch.parallelStream()
                .map(sample -> features.extract(sample.clip()))
                .toList();
        return heard.stream().map(clip -> estimate(firstAndLast(clip))).toList();
    }

    /** Two windows; the same one twice where there is only one. */
    static List<WindowFeatures> firstAndLast(WindowFeatures.Clip clip) {
        return List.of(clip.windows().get(0), clip.windows().get(clip.windows().size() - 1));
    }

    private Score estimate(List<WindowFeatures> windows) {
        double[] opinions = estimator.opinions(windows);
        return Score.of(Explanation.sum(
                "mean opinion score, from 1 to 5, estimated",
                List.of(part("the first window", opinions[0]), part("the last window", opinions[1]))));
    }

    private static Explanation part(String name, double opinion) {
        return Explanation.product(
                name, Explanation.leaf(SHARE, "share"), Explanation.leaf(opinion, "its opinion score"));
    }
}
