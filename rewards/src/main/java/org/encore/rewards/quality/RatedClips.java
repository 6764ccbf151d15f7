package org.encore.rewards.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.corpus.Split;
import org.encore.music.degradation.AcousticDegradation.Clipping;
import org.encore.music.degradation.AcousticDegradation.Dropouts;
import org.encore.music.degradation.AcousticDegradation.Noise;
import org.encore.music.degradation.AcousticDegradation.Wow;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.degradation.MusicalDegradation.Clutter;
import org.encore.music.degradation.MusicalDegradation.Gap;
import org.encore.music.degradation.MusicalDegradation.StuckLoop;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;
import org.encore.music.etudes.Etudes;

/**
 * An unlimited set of damaged and rated études, each a function of the seed and its index. Thread-safe.
 *
 * <p>Held-out clips are of combinations of attributes that no training clip has.
 */
public final class RatedClips {
    /** Sample rate of the training, that of the features of estimators, at half the cost of a run's sample rate. */
    public static final int SAMPLE_RATE = 16000;

    /** Offset of the random streams of held-out clips, and twice of those of the test. */
    private static final long HELD_OUT = 1L << 40;

    private final Etudes etudes;
    private final Synthesiser synthesiser;
    private final ScoreCurve curve;
    private final DamageMix mix;
    private final SimulatedRaters raters;
    private final RandomStreams streams;

    /**
     * Creates a set of clips.
     *
     * @param seed seed of études, damage and ratings
     * @param sampleRate samples per second of the rendered clips
     */
    public RatedClips(long seed, int sampleRate, ScoreCurve curve, DamageMix mix, SimulatedRaters.Settings raters) {
        this.streams = new RandomStreams(seed);
        this.etudes = new Etudes(seed);
        this.synthesiser = new Synthesiser(Synthesiser.Settings.standard().withSampleRate(sampleRate));
        this.curve = curve;
        this.mix = mix;
        this.raters = new SimulatedRaters(raters, streams);
    }

    /** Clips with the standard curve, mix and raters. */
    public RatedClips(long seed, int sampleRate) {
        this(seed, sampleRate, ScoreCurve.standard(), DamageMix.defaults(), SimulatedRaters.Settings.defaults());
    }

    /** The training clip of an index, at least 0. */
    public RatedClip train(long index) {
        return rated(etudes.train(index).piece(), index, drawn(index));
    }

    /** The held-out clip of an index, at least 0. */
    public RatedClip heldOut(Split split, long index) {
        long clip = clip(split, index);
        return rated(piece(split, index), clip, drawn(clip));
    }

    /**
     * The étude of a held-out clip with the given damage; one degradation damages the same places at every strength.
     */
    public RatedClip heldOut(Split split, long index, Damage damage) {
        return rated(piece(split, index), clip(split, index), damage);
    }

    private Piece piece(Split split, long index) {
        return (split == Split.TEST ? etudes.test(index) : etudes.heldOut(index)).piece();
    }

    private static long clip(Split split, long index) {
        return (split == Split.TEST ? 2 * HELD_OUT : HELD_OUT) + index;
    }

    private Damage drawn(long clip) {
        return mix.draw(streams.stream(Purpose.DEGRADATION, clip));
    }

    private RatedClip rated(Piece composed, long clip, Damage damage) {
        Piece piece = damage.spoil(composed, streams, clip);
        Waveform sound = damage.spoil(synthesiser.render(piece), streams, clip);
        double trueScore = curve.score(damage);
        return new RatedClip(piece, sound, damage, Rating.of(trueScore, raters.ratings(clip, trueScore)));
    }

    /**
     * A damaged clip and its ratings.
     *
     * @param piece the notes as they sound
     * @param sound the damaged sound
     * @param damage the degradations and their strengths
     * @param rating true score and ratings
     */
    public record RatedClip(Piece piece, Waveform sound, Damage damage, Rating rating) {}

    /**
     * Distribution of the number of degradations of a clip; kinds and strengths are uniform.
     *
     * @param clean share of clips without a degradation
     * @param single share of clips with one
     * @param pair share of clips with two; the remaining clips have three
     */
    public record DamageMix(double clean, double single, double pair) {
        public DamageMix {
            if (!(clean >= 0.0 && single >= 0.0 && pair >= 0.0 && clean + single + pair <= 1.0)) {
                throw new IllegalArgumentException("clean is " + clean + ", single " + single + " and pair " + pair
                        + ", but none may be negative and their sum not above 1");
            }
        }

        /** A sixth without damage, half with one degradation, a quarter with two, the rest with three: our choice. */
        public static DamageMix defaults() {
            return new DamageMix(0.17, 0.5, 0.25);
        }

        /** Draws the damage of a clip. */
        Damage draw(RandomGenerator random) {
            double place = random.nextDouble();
            int flaws = place < clean ? 0 : place < clean + single ? 1 : place < clean + single + pair ? 2 : 3;
            List<Degradation> kinds = new ArrayList<>(Degradations.all());
            Map<Degradation, Double> strengths = new LinkedHashMap<>();
            for (int i = 0; i < flaws; i++) {
                strengths.put(kinds.remove(random.nextInt(kinds.size())), random.nextDouble());
            }
            return new Damage(strengths);
        }
    }

    /**
     * The ratings of a clip.
     *
     * @param trueScore score by the {@link ScoreCurve}; hidden from estimators
     * @param ratings the raters' integers in [1, 5]
     */
    public record Rating(double trueScore, List<Integer> ratings) {
        public Rating {
            ratings = List.copyOf(ratings);
        }

        static Rating of(double trueScore, int[] ratings) {
            return new Rating(trueScore, Arrays.stream(ratings).boxed().toList());
        }

        /** The mean opinion score: the mean of the ratings. */
        public double meanRating() {
            return ratings.stream().mapToInt(Integer::intValue).average().orElseThrow();
        }
    }

    /**
     * True score of a damaged clip: {@code 1 + (c - 1) Π (1 - d s^e)} over its degradations of strength s.
     *
     * <p>The form and all numbers are our choice, not fitted to people. Several degradations cost less than their sum,
     * and no score falls below 1.
     *
     * @param clean c, the score of an undamaged clip, in (1, 5]
     * @param penalties d and e of each degradation
     */
    public record ScoreCurve(double clean, Map<Degradation, Penalty> penalties) {
        /** The lowest score. */
        public static final double WORST = 1.0;

        /** The highest score. */
        public static final double BEST = 5.0;

        /**
         * Loss of score by one degradation.
         *
         * @param depth d, share of the distance to the lowest score that is lost at strength 1, in (0, 1]
         * @param exponent e; below 1 weak damage costs much, above 1 it costs little
         */
        public record Penalty(double depth, double exponent) {
            public Penalty {
                if (!(depth > 0.0 && depth <= 1.0 && exponent > 0.0 && exponent < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("depth is " + depth + " and exponent is " + exponent
                            + ", but depth must lie in (0, 1] and exponent be above 0 and finite");
                }
            }

            double left(double strength) {
                return 1.0 - depth * Math.pow(strength, exponent);
            }
        }

        public ScoreCurve {
            Checks.leftOpenInterval("clean", clean, WORST, BEST);
            penalties = Collections.unmodifiableMap(new LinkedHashMap<>(penalties));
        }

        /** The curve behind the training data of the shipped estimator. */
        public static ScoreCurve standard() {
            Map<Degradation, Penalty> penalties = new LinkedHashMap<>();
            penalties.put(new WrongNotes(), new Penalty(0.85, 0.7));
            penalties.put(new StuckLoop(), new Penalty(0.75, 1.0));
            penalties.put(new Gap(), new Penalty(0.9, 1.0));
            penalties.put(new Clutter(), new Penalty(0.85, 0.6));
            penalties.put(new Noise(), new Penalty(0.9, 1.3));
            penalties.put(new Clipping(), new Penalty(0.8, 1.2));
            penalties.put(new Dropouts(), new Penalty(0.9, 0.6));
            penalties.put(new Wow(), new Penalty(0.8, 0.8));
            return new ScoreCurve(4.6, penalties);
        }

        /**
         * The true score of a clip.
         *
         * @return in [1, {@link #clean}]
         * @throws IllegalArgumentException if the curve has no penalty for a degradation
         */
        public double score(Damage damage) {
            double left = 1.0;
            for (Map.Entry<Degradation, Double> flaw : damage.strengths().entrySet()) {
                Penalty penalty = penalties.get(flaw.getKey());
                if (penalty == null) {
                    throw new IllegalArgumentException("the curve has no penalty for "
                            + flaw.getKey().name() + ", but needs one for every degradation of the clip");
                }
                left *= penalty.left(flaw.getValue());
            }
            return WORST + (clean - WORST) * left;
        }
    }

    /** A panel of simulated raters, some of whom rate each clip. */
    public static final class SimulatedRaters {
        private final Settings settings;
        private final RandomStreams streams;
        private final double[] leniency;

        /**
         * Settings of the raters. The paper states three ratings per clip; the rest is our choice.
         *
         * @param panel number of raters, at least {@code perClip}
         * @param perClip ratings per clip, at least 1
         * @param leniencyDeviation standard deviation of the raters' offsets, at least 0
         * @param noiseDeviation standard deviation of a rating before rounding, at least 0
         * @paper Cideron et al. 2024, MusicRL, section 3, <a href="https://arxiv.org/abs/2402.04229">arXiv
         *     2402.04229</a>
         */
        public record Settings(int panel, int perClip, double leniencyDeviation, double noiseDeviation) {
            public Settings {
                if (perClip < 1 || panel < perClip) {
                    throw new IllegalArgumentException("panel is " + panel + " and perClip is " + perClip
                            + ", but must satisfy 1 <= perClip <= panel");
                }
                Checks.atLeast("leniencyDeviation", leniencyDeviation, 0.0);
                Checks.atLeast("noiseDeviation", noiseDeviation, 0.0);
            }

            /** Forty raters, three per clip; deviations of 0.35 between raters and 0.6 within a rater. */
            public static Settings defaults() {
                return new Settings(40, 3, 0.35, 0.6);
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
         * Ratings of a clip by {@code perClip} different raters of the panel.
         *
         * @param clip number of the clip
         * @param trueScore in [1, 5]
         * @return integers in [1, 5]
         */
        public int[] ratings(long clip, double trueScore) {
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
                double rating = trueScore + leniency[rater] + settings.noiseDeviation() * random.nextGaussian();
                ratings[i] = (int) Math.round(Math.max(ScoreCurve.WORST, Math.min(ScoreCurve.BEST, rating)));
            }
            return ratings;
        }
    }
}
