package org.encore.rewards.quality.raters;

import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.degradation.Damage;
import org.encore.music.etudes.Etudes;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;

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
}
