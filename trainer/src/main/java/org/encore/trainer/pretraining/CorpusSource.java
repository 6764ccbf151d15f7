package org.encore.trainer.pretraining;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Output;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.AudioFolderCorpus;
import org.encore.music.corpus.ChoraleCorpus;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EncodedSound;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.MidiFolderCorpus;
import org.encore.music.corpus.PromptCorpus;
import org.encore.music.corpus.RenderedPieces;
import org.encore.music.corpus.SoundClips;
import org.encore.run.Progress;

/** The corpus of a run. */
public sealed interface CorpusSource {
    /** Name of the codec of the pieces, one of {@link Codecs}; empty for prompts alone, which every model reads. */
    Optional<String> codec();

    /** Whether the attributes of prompts are known, which rules check. */
    default boolean knowsAttributes() {
        return true;
    }

    /** This corpus with other paths of files that ship, which are lists of prompts. */
    default CorpusSource located(UnaryOperator<Path> locate) {
        return this;
    }

    /**
     * The most frames of an item, for buffers.
     *
     * @param codec the codec of that name, or that of the model
     * @param maxFrames the most that the model reads
     */
    default int frames(AudioCodec codec, int maxFrames) {
        return maxFrames;
    }

    /**
     * Opens the corpus.
     *
     * @param codec the codec of that name, or that of the model
     * @param maxFrames most codes per piece
     */
    Corpus open(AudioCodec codec, int maxFrames) throws IOException;

    /**
     * The items as codes.
     *
     * @param corpus from {@link #open}
     * @param codec the same
     * @param progress is told of the encoding of sound
     * @throws IllegalArgumentException if the corpus has prompts alone, or notes where the codec is one of sound
     */
    default CodeSource codes(Corpus corpus, AudioCodec codec, int maxFrames, Progress progress) throws IOException {
        return new CodeSource.Pieces(corpus, symbolic(codec));
    }

    private static SymbolicCodec symbolic(AudioCodec codec) {
        if (codec instanceof SymbolicCodec symbolic) {
            return symbolic;
        }
        throw new IllegalArgumentException("the corpus has notes, but the codec " + codec.name()
                + " is one of sound; études are rendered and encoded with corpus.sound");
    }

    private static int clipFrames(AudioCodec codec, double clipSeconds, int maxFrames) {
        return codec.encoder()
                .map(encoder -> Math.min(maxFrames, SoundClips.frames(encoder, clipSeconds)))
                .orElse(maxFrames);
    }

    /**
     * Pieces as sound.
     *
     * @param clipSeconds length of the clips, in seconds: what is kept of the beginning of each piece; shorter pieces end in
     *     silence
     * @param clips training pieces that are rendered and encoded, once; training passes over them again and again
     * @param cache folder in which the codes are kept, by corpus, codec and length
     */
    record Rendering(double clipSeconds, int clips, @Output Path cache) {
        public Rendering {
            new RenderedPieces.Settings(clipSeconds, clips, cache);
        }

        /** The first 8 seconds of 4096 pieces. */
        public static Rendering defaults() {
            return new Rendering(8.0, 4096, Path.of("runs/codes"));
        }

        private RenderedPieces.Settings settings() {
            return new RenderedPieces.Settings(clipSeconds, clips, cache);
        }
    }

    /** The études of seed 1. */
    static CorpusSource defaults() {
        return Etudes.defaults();
    }

    /**
     * Études by the procedural composer, of at most 256 codes of notes.
     *
     * @param seed seed of the pieces and their captions
     * @param captionNoise probability that an aspect of a training caption is replaced by that of another étude
     * @param flaws probability that a training piece is degraded musically
     * @param sound how the pieces are rendered and encoded by the codec of a model of sound; null leaves them notes
     */
    record Etudes(long seed, double captionNoise, double flaws, Optional<Rendering> sound) implements CorpusSource {
        public Etudes {
            if (!(captionNoise >= 0.0 && captionNoise <= 1.0)) {
                throw new IllegalArgumentException("captionNoise is " + captionNoise + ", but must lie in [0, 1]");
            }
            EtudeCorpus.requireFlaws(flaws);
        }

        public static Etudes defaults() {
            return new Etudes(1, 0.0, 0.0, Optional.empty());
        }

        @Override
        public Optional<String> codec() {
            return sound.isPresent() ? Optional.empty() : Optional.of(Codecs.NOTES);
        }

        @Override
        public int frames(AudioCodec codec, int maxFrames) {
            return sound.isPresent() ? clipFrames(codec, sound.get().clipSeconds(), maxFrames) : maxFrames;
        }

        @Override
        public CodeSource codes(Corpus corpus, AudioCodec codec, int maxFrames, Progress progress) throws IOException {
            return sound.isPresent()
                    ? new CodeSource.Rendered(
                            new RenderedPieces(
                                    corpus, codec, maxFrames, seed, sound.get().settings()),
                            progress)
                    : CorpusSource.super.codes(corpus, codec, maxFrames, progress);
        }

        @Override
        public Corpus open(AudioCodec codec, int maxFrames) {
            if (sound.isEmpty() && maxFrames < org.encore.music.etudes.Etudes.MAX_CODES) {
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
        public Optional<String> codec() {
            return Optional.of(Codecs.NOTES);
        }

        @Override
        public Corpus open(AudioCodec codec, int maxFrames) throws IOException {
            return new MidiFolderCorpus(folder, symbolic(codec), settings(maxFrames, seed, maxSeconds, heldOutPerCent));
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
        public Optional<String> codec() {
            return Optional.of(Codecs.VOICES);
        }

        @Override
        public Corpus open(AudioCodec codec, int maxFrames) throws IOException {
            return new ChoraleCorpus(file, settings(maxFrames, seed, farthestShift));
        }

        private static ChoraleCorpus.Settings settings(int frames, long seed, int farthestShift) {
            return new ChoraleCorpus.Settings(seed, farthestShift, frames);
        }
    }

    /**
     * A list of prompts for fine-tuning, without pieces: free text, of which no attributes are known.
     *
     * @param file the prompts: text with a prompt a line, CSV or JSONL ({@code .txt}, {@code .csv}, {@code .jsonl}), gzipped
     *     or not
     * @param column column of the prompts in CSV or JSONL; null takes {@code caption}, {@code prompt}, {@code text} or
     *     {@code description}, the first that there is
     * @param seed seed of the order of the prompts
     * @param heldOutPerCent share of prompts that are held out from training, in per cent, chosen by their hash
     */
    record Prompts(Path file, Optional<String> column, long seed, int heldOutPerCent) implements CorpusSource {
        public Prompts {
            settings(seed, heldOutPerCent, column);
        }

        /** One prompt in ten is held out. */
        public static Prompts defaults() {
            return new Prompts(null, Optional.empty(), 1, 10);
        }

        @Override
        public CorpusSource located(UnaryOperator<Path> locate) {
            return new Prompts(locate.apply(file), column, seed, heldOutPerCent);
        }

        @Override
        public Optional<String> codec() {
            return Optional.empty();
        }

        @Override
        public boolean knowsAttributes() {
            return false;
        }

        @Override
        public Corpus open(AudioCodec codec, int maxFrames) throws IOException {
            return new PromptCorpus(file, settings(seed, heldOutPerCent, column));
        }

        @Override
        public CodeSource codes(Corpus corpus, AudioCodec codec, int maxFrames, Progress progress) {
            throw new IllegalArgumentException(
                    "the corpus prompts has no music to train on; take etudes, midi-folder, chorales or audio-folder");
        }

        private static PromptCorpus.Settings settings(long seed, int heldOutPerCent, Optional<String> column) {
            return new PromptCorpus.Settings(seed, heldOutPerCent, column);
        }
    }

    /**
     * Clips of sound files in a folder, encoded by the codec of the checkpoint, with captions from {@code captions.csv},
     * {@code captions.jsonl}, or {@code .json} or {@code .txt} files of the same names.
     *
     * @param folder the folder, searched recursively for WAV, FLAC, MP3 and Ogg Vorbis
     * @param clipSeconds length of the clips that files are cut into, in seconds
     * @param seed seed of the order of the clips
     * @param heldOutPerCent share of files that are held out from training, in per cent, chosen by the hash of their content
     * @param cache folder in which the codes are kept, by the hash of the file and the codec
     */
    record AudioFolder(Path folder, double clipSeconds, long seed, int heldOutPerCent, @Output Path cache)
            implements CorpusSource {
        public AudioFolder {
            new AudioFolderCorpus.Settings(seed, heldOutPerCent);
            new EncodedSound.Settings(clipSeconds, cache);
        }

        /** Clips of 10 seconds; one file in ten is held out. */
        public static AudioFolder defaults() {
            return new AudioFolder(null, 10.0, 1, 10, Path.of("runs/codes"));
        }

        @Override
        public Optional<String> codec() {
            return Optional.empty();
        }

        @Override
        public boolean knowsAttributes() {
            return false;
        }

        @Override
        public int frames(AudioCodec codec, int maxFrames) {
            return clipFrames(codec, clipSeconds, maxFrames);
        }

        @Override
        public Corpus open(AudioCodec codec, int maxFrames) throws IOException {
            return new AudioFolderCorpus(folder, new AudioFolderCorpus.Settings(seed, heldOutPerCent));
        }

        @Override
        public CodeSource codes(Corpus corpus, AudioCodec codec, int maxFrames, Progress progress) throws IOException {
            return new CodeSource.Sound(new EncodedSound(
                    (AudioFolderCorpus) corpus,
                    codec,
                    maxFrames,
                    new EncodedSound.Settings(clipSeconds, cache),
                    (done, all, note) -> progress.step("encoding", done, all, note)));
        }
    }
}
