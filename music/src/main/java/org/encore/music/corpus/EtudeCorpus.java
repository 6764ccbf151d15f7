package org.encore.music.corpus;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.Degradation.Degradations;
import org.encore.music.degradation.MusicalDegradation;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Prompt;

/**
 * The études of a seed.
 *
 * <p>Real collections contain flawed music. With {@code flaws}, each training piece is, with that probability, changed by one of the musical degradations at a strength drawn uniformly from [0, 1], and cut if it has too many codes; held-out pieces are never changed. A model of such pieces generates good music only as often as its training pieces were good: fine-tuning with a quality reward can improve that.
 */
public final class EtudeCorpus implements Corpus {
    private static final int SAMPLED = 32;

    private final String name;
    private final Etudes etudes;
    private final double flaws;
    private final RandomStreams streams;
    private final Split split;

    /** Études without caption noise and flaws. */
    public EtudeCorpus(long seed) {
        this(seed, 0.0, 0.0);
    }

    /**
     * Études with caption noise and flaws.
     *
     * @param captionNoise probability that an aspect of a training caption is another étude's, in [0, 1]
     * @param flaws probability that a training piece is degraded, in [0, 1]
     */
    public EtudeCorpus(long seed, double captionNoise, double flaws) {
        requireFlaws(flaws);
        this.name = "etudes " + seed
                + (captionNoise > 0.0 ? " caption noise " + captionNoise : "")
                + (flaws > 0.0 ? " flaws " + flaws : "");
        this.etudes = new Etudes(seed, captionNoise);
        this.flaws = flaws;
        this.streams = new RandomStreams(seed);
        this.split = Split.DEVELOPMENT;
    }

    private EtudeCorpus(EtudeCorpus all, Split split) {
        this.name = all.name;
        this.etudes = all.etudes;
        this.flaws = all.flaws;
        this.streams = all.streams;
        this.split = split;
    }

    /**
     * Checks a probability of flaws.
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     */
    public static void requireFlaws(double flaws) {
        if (!(flaws >= 0.0 && flaws <= 1.0)) {
            throw new IllegalArgumentException("flaws is " + flaws + ", but must lie in [0, 1]");
        }
    }

    @Override
    public CaptionedPiece train(long index) {
        CaptionedPiece composed = captioned(etudes.train(index));
        RandomGenerator random = streams.stream(Purpose.DEGRADATION, index);
        if (random.nextDouble() >= flaws) {
            return composed;
        }
        List<MusicalDegradation> kinds = Degradations.musical();
        Damage damage = Damage.of(kinds.get(random.nextInt(kinds.size())), random.nextDouble());
        Piece spoilt = damage.spoil(composed.piece(), streams, index);
        return new CaptionedPiece(composed.prompt(), NoteLanguage.cut(spoilt, Etudes.MAX_CODES));
    }

    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return LongStream.range(0, count)
                .mapToObj(index -> captioned(split == Split.TEST ? etudes.test(index) : etudes.heldOut(index)))
                .toList();
    }

    /** Other pieces and captions of the same held-out combinations. */
    @Override
    public Corpus on(Split wanted) {
        return new EtudeCorpus(this, wanted);
    }

    @Override
    public boolean isUnseen(Prompt prompt) {
        return Etudes.isUnseen(prompt.attributes());
    }

    @Override
    public Prompt trainPrompt(long index) {
        return etudes.trainPrompt(index);
    }

    /** Combinations of the training pieces, in wordings that training captions never use. */
    @Override
    public Prompt tuningPrompt(long index) {
        return etudes.tuningPrompt(index);
    }

    @Override
    public List<Prompt> heldOutPrompts(int count) {
        return LongStream.range(0, count)
                .mapToObj(split == Split.TEST ? etudes::testPrompt : etudes::heldOutPrompt)
                .toList();
    }

    /** Depends on the seed and on composed pieces, so that it changes with the composer. */
    @Override
    public String fingerprint() {
        Digest digest = new Digest().add(name);
        for (int index = 0; index < SAMPLED; index++) {
            digest.add(etudes.train(index).toString()).add(etudes.heldOut(index).toString());
        }
        return "etudes-" + digest.hex();
    }

    private static CaptionedPiece captioned(Etude etude) {
        return new CaptionedPiece(etude.prompt(), etude.piece());
    }
}
