package org.encore.rewards.quality;

import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;

/** A panel of made-up raters, some of whom rate each clip. */
public final class SimulatedRaters {
    private final Settings settings;
    private final RandomStreams streams;
    private final double[] leniency;

    /**
     * How raters are. The paper tells only that there were three a clip; everything else is our choice.
     *
     * @param panel how many there are, at least {@code perClip}
     * @param perClip how many rate a clip, at least 1
     * @param leniencyDeviation standard deviation over raters of how much higher one rates than the others, at least 0
     * @param noiseDeviation standard deviation of one rater's ratings of one clip before rounding, at least 0
     * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
     */
    public record Settings(int panel, int perClip, double leniencyDeviation, double noiseDeviation) {
        public Settings {
            if (perClip < 1 || panel < perClip) {
                throw new IllegalArgumentException("panel is " + panel + " and perClip is " + perClip
                        + ", but must satisfy 1 <= perClip <= panel");
            }
            requireDeviation("leniencyDeviation", leniencyDeviation);
            requireDeviation("noiseDeviation", noiseDeviation);
        }

        /** Forty raters, three a clip; they differ by 0.35 among each other and by 0.6 from themselves. */
        public static Settings defaults() {
            return new Settings(40, 3, 0.35, 0.6);
        }

        private static void requireDeviation(String name, double value) {
            if (!(value >= 0.0 && value < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least 0 and finite");
            }
        }
    }

    public SimulatedRaters(Settings settings, RandomStreams streams) {
        this.settings = settings;
        this.streams = streams;
        this.leniency = new double[settings.panel()];
        for (int rater = 0; rater < leniency.length; rater++) {
            RandomGenerator random = streams.stream(Purpose.RATING, 0, rater);
            leniency[rater] = settings.leniencyDeviation() * random.nextGaussian();
        }
    }

    /**
     * What some raters of the panel, different ones, say about a clip.
     *
     * @param clip number of the clip
     * @param opinion in [1, 5]
     * @return whole numbers from 1 to 5
     */
    public int[] ratings(long clip, double opinion) {
        RandomGenerator random = streams.stream(Purpose.RATING, 1, clip);
        int[] panel = new int[settings.panel()];
        for (int i = 0; i < panel.length; i++) {
            panel[i] = i;
        }
        int[] ratings = new int[settings.perClip()];
        for (int i = 0; i < ratings.length; i++) {
            int drawn = i + random.nextInt(panel.length - i);
            int rater = panel[drawn];
            panel[drawn] = panel[i];
            double heard = opinion + leniency[rater] + settings.noiseDeviation() * random.nextGaussian();
            ratings[i] = (int) Math.round(Math.max(OpinionCurve.WORST, Math.min(OpinionCurve.BEST, heard)));
        }
        return ratings;
    }
}
