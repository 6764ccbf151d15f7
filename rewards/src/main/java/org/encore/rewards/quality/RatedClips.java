package org.encore.rewards.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.etudes.Etudes;

/**
 * Endless rated clips: études, damaged and judged, each a function of the seed and its index; safe to call from several
 * threads.
 *
 * <p>Held-out clips are of combinations of attributes that no training clip has.
 */
public final class RatedClips {
    /** What estimators hear lies below half of it: half the cost of rendering at the rate of a run's clips. */
    public static final int SAMPLE_RATE = 16000;

    /** Tells the streams of held-out clips from those of training. */
    private static final long HELD_OUT = 1L << 40;

    private final Etudes etudes;
    private final Synthesiser synthesiser;
    private final OpinionCurve curve;
    private final DamageMix mix;
    private final SimulatedRaters raters;
    private final RandomStreams streams;

    /**
     * Describes clips.
     *
     * @param seed decides études, damage and ratings
     * @param sampleRate at which clips are rendered
     */
    public RatedClips(long seed, int sampleRate, OpinionCurve curve, DamageMix mix, SimulatedRaters.Settings raters) {
        this.streams = new RandomStreams(seed);
        this.etudes = new Etudes(seed);
        this.synthesiser = new Synthesiser(Synthesiser.Settings.standard().withSampleRate(sampleRate));
        this.curve = curve;
        this.mix = mix;
        this.raters = new SimulatedRaters(raters, streams);
    }

    /** Clips with the standard curve, mix and raters. */
    public RatedClips(long seed, int sampleRate) {
        this(seed, sampleRate, OpinionCurve.standard(), DamageMix.defaults(), SimulatedRaters.Settings.defaults());
    }

    /** The training clip of an index, at least 0. */
    public RatedClip train(long index) {
        return rated(etudes.train(index).piece(), index, drawn(index));
    }

    /** The held-out clip of an index, at least 0. */
    public RatedClip heldOut(long index) {
        return rated(etudes.heldOut(index).piece(), HELD_OUT + index, drawn(HELD_OUT + index));
    }

    /** The étude of a held-out clip with other damage; at equal strengths of one degradation, spoilt in the same places. */
    public RatedClip heldOut(long index, Damage damage) {
        return rated(etudes.heldOut(index).piece(), HELD_OUT + index, damage);
    }

    private Damage drawn(long clip) {
        return mix.draw(streams.stream(Purpose.DEGRADATION, clip));
    }

    private RatedClip rated(Piece composed, long clip, Damage damage) {
        Piece piece = damage.spoil(composed, streams, clip);
        Waveform sound = damage.spoil(synthesiser.render(piece), streams, clip);
        double opinion = curve.opinion(damage);
        return new RatedClip(piece, sound, damage, Verdict.of(opinion, raters.ratings(clip, opinion)));
    }

    /**
     * A damaged clip and what raters said about it.
     *
     * @param piece the notes as they sound
     * @param sound the damage of sound included
     * @param damage what was done
     * @param verdict what raters said
     */
    public record RatedClip(Piece piece, Waveform sound, Damage damage, Verdict verdict) {}

    /**
     * How often clips have how many flaws; which ones, and how strong, is drawn evenly.
     *
     * @param clean share without a flaw
     * @param single share with one
     * @param pair share with two; what is left has three
     */
    public record DamageMix(double clean, double single, double pair) {
        public DamageMix {
            if (!(clean >= 0.0 && single >= 0.0 && pair >= 0.0 && clean + single + pair <= 1.0)) {
                throw new IllegalArgumentException("clean is " + clean + ", single " + single + " and pair " + pair
                        + ", but none may be negative and their sum not above 1");
            }
        }

        /** A sixth as composed, half with one flaw, a quarter with two, the rest with three: our choice. */
        public static DamageMix defaults() {
            return new DamageMix(0.17, 0.5, 0.25);
        }

        /** Draws what is wrong with a clip. */
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
     * What raters said about a clip.
     *
     * @param opinion what the clip is worth by the curve; an estimator never sees it
     * @param ratings what raters said, whole numbers from 1 to 5
     */
    public record Verdict(double opinion, List<Integer> ratings) {
        public Verdict {
            ratings = List.copyOf(ratings);
        }

        static Verdict of(double opinion, int[] ratings) {
            return new Verdict(opinion, Arrays.stream(ratings).boxed().toList());
        }

        /** The mean opinion score: that of the ratings. */
        public double meanRating() {
            return ratings.stream().mapToInt(Integer::intValue).average().orElseThrow();
        }
    }
}
