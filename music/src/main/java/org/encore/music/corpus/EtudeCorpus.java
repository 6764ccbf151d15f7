package org.encore.music.corpus;

import java.util.List;
import java.util.stream.LongStream;
import org.encore.music.etudes.Etude;
import org.encore.music.etudes.Etudes;
import org.encore.music.text.Prompt;

/** The études of a seed. */
public final class EtudeCorpus implements Corpus {
    private static final int SAMPLED = 32;

    private final String name;
    private final Etudes etudes;

    /** Études whose captions are all true. */
    public EtudeCorpus(long seed) {
        this(seed, 0.0);
    }

    /**
     * Études with caption noise.
     *
     * @param captionNoise probability that an aspect of a training caption is another étude's, in [0, 1]
     */
    public EtudeCorpus(long seed, double captionNoise) {
        this.name = "etudes " + seed + (captionNoise > 0.0 ? " caption noise " + captionNoise : "");
        this.etudes = new Etudes(seed, captionNoise);
    }

    @Override
    public CaptionedPiece train(long index) {
        return captioned(etudes.train(index));
    }

    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return LongStream.range(0, count)
                .mapToObj(index -> captioned(etudes.heldOut(index)))
                .toList();
    }

    @Override
    public Prompt trainPrompt(long index) {
        return etudes.trainPrompt(index);
    }

    /** Asks for combinations of the training pieces in wordings that their captions never use. */
    @Override
    public Prompt tuningPrompt(long index) {
        return etudes.tuningPrompt(index);
    }

    @Override
    public List<Prompt> heldOutPrompts(int count) {
        return LongStream.range(0, count).mapToObj(etudes::heldOutPrompt).toList();
    }

    /** Depends on the seed and on what the composer makes of it, so that a changed composer shows. */
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
