package org.encore.trainer.pretraining;

import java.io.IOException;
import java.nio.file.Path;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.ChoraleCorpus;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.MidiFolderCorpus;

/** The corpus of a run. */
public sealed interface CorpusSource {
    /** Name of the codec of the pieces, one of {@link Codecs}. */
    String codec();

    /**
     * Opens the corpus.
     *
     * @param codec the codec of that name
     * @param maxFrames most codes per piece
     */
    Corpus open(SymbolicCodec codec, int maxFrames) throws IOException;

    /** The études of seed 1. */
    static CorpusSource defaults() {
        return Etudes.defaults();
    }

    /**
     * Études by the procedural composer, of at most 256 codes.
     *
     * @param seed seed of the pieces and their captions
     * @param captionNoise probability that an aspect of a training caption is replaced by that of another étude
     * @param flaws probability that a training piece is degraded musically
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
     * Windows of MIDI files in a folder, with captions from a table beside them or from analysis.
     *
     * @param folder the folder, searched recursively
     * @param seed seed of windows and transpositions
     * @param maxSeconds longest window, in seconds
     * @param heldOutPerCent share of files that are held out from training, in per cent
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
     * Four-part pieces on a grid of sixteenths, split into train, valid and test, encoded voice by voice.
     *
     * @param file JSON, gzipped or not: {@code {"train": [[[p, p, p, p], …], …], "valid": …, "test": …}}
     * @param seed seed of order, transpositions and windows
     * @param farthestShift largest transposition of a training piece, in semitones; 0 switches transposition off
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
