package org.encore.trainer.pretraining;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.ChoraleCorpus;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.MidiFolderCorpus;

/** Which corpus a run learns from. */
public sealed interface CorpusSource {
    /** Name of the codec that the pieces are written in, one of {@link Codecs}. */
    String codec();

    /**
     * Opens the corpus.
     *
     * @param codec the codec of that name, which counts the codes of a piece
     * @param maxFrames the most codes that a piece may have
     */
    Corpus open(SymbolicCodec codec, int maxFrames) throws IOException;

    /** The corpus that ships: études of seed 1. */
    static CorpusSource defaults() {
        return Etudes.defaults();
    }

    /**
     * Pieces by the procedural composer; no piece is longer than 256 codes.
     *
     * @param seed decides the pieces and their captions
     * @param captionNoise probability that an aspect of a training caption describes another étude
     * @param flaws probability that a training piece is damaged by a musical degradation
     */
    record Etudes(long seed, double captionNoise, double flaws) implements CorpusSource {
        public Etudes {
            if (!(captionNoise >= 0.0 && captionNoise <= 1.0)) {
                throw new IllegalArgumentException("captionNoise is " + captionNoise + ", but must lie in [0, 1]");
            }
            EtudeCorpus.requireFlaws(flaws);
        }

        public static Etudes defaults() {
            return new Etudes(1, 0.0, 0.0);
        }

        @Override
        public String codec() {
            return Codecs.NOTES;
        }

        @Override
        public Corpus open(SymbolicCodec codec, int maxFrames) {
            if (maxFrames < org.encore.music.etudes.Etudes.MAX_CODES) {
                throw new IllegalArgumentException("maxFrames is " + maxFrames + ", but études have up to "
                        + org.encore.music.etudes.Etudes.MAX_CODES + " codes");
            }
            return new EtudeCorpus(seed, captionNoise, flaws);
        }
    }

    /**
     * Windows from a folder of MIDI files, captioned by a table beside them or by analysis.
     *
     * @param folder the folder; sub-folders count
     * @param seed decides windows and transpositions
     * @param maxSeconds the longest window, in seconds
     * @param heldOutPerCent share of files that training never sees, in per cent
     */
    record MidiFolder(Path folder, long seed, double maxSeconds, int heldOutPerCent) implements CorpusSource {
        public MidiFolder {
            settings(16, seed, maxSeconds, heldOutPerCent);
        }

        @Override
        public String codec() {
            return Codecs.NOTES;
        }

        @Override
        public Corpus open(SymbolicCodec codec, int maxFrames) throws IOException {
            return new MidiFolderCorpus(folder, codec, settings(maxFrames, seed, maxSeconds, heldOutPerCent));
        }

        private static MidiFolderCorpus.Settings settings(int codes, long seed, double seconds, int heldOutPerCent) {
            return new MidiFolderCorpus.Settings(seed, codes, seconds, heldOutPerCent);
        }
    }

    /**
     * A file of four-part pieces on a grid of sixteenths, split into train, valid and test; written voice by voice.
     *
     * @param file JSON, gzipped or not: {@code {"train": [[[p, p, p, p], …], …], "valid": …, "test": …}}
     * @param seed decides order, transpositions and windows
     * @param farthestShift the most semitones by which a training piece is transposed; 0 is never
     */
    record Chorales(Path file, long seed, int farthestShift) implements CorpusSource {
        public Chorales {
            settings(16, seed, farthestShift);
        }

        @Override
        public String codec() {
            return Codecs.VOICES;
        }

        @Override
        public Corpus open(SymbolicCodec codec, int maxFrames) throws IOException {
            return new ChoraleCorpus(file, settings(maxFrames, seed, farthestShift));
        }

        private static ChoraleCorpus.Settings settings(int frames, long seed, int farthestShift) {
            return new ChoraleCorpus.Settings(seed, farthestShift, frames);
        }
    }
}
