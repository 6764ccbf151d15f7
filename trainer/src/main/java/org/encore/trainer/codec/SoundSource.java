package org.encore.trainer.codec;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.base.settings.Checks;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.SoundFolder;
import org.encore.music.corpus.Split;

/** Where the sound comes from that a codec learns. */
public sealed interface SoundSource {
    /** Makes the recordings known; none is rendered or decoded yet. */
    Recordings open(int sampleRate) throws IOException;

    /** Recordings by number, of one rate and one channel; safe to use from several threads. */
    interface Recordings {
        /** How many there are to train on. */
        int training();

        /** One to train on. */
        Waveform train(int index) throws IOException;

        /** How many of {@code wanted} held-out ones there are in a split. */
        int heldOut(Split split, int wanted);

        /** A held-out one, which is none of those to train on. */
        Waveform heldOutAt(Split split, int index) throws IOException;

        /** What a held-out one is called. */
        String nameOf(Split split, int index);

        /** Seconds after which no more of it is kept in memory. */
        double mostSeconds();

        /** Identifies them: equal fingerprints give equal sound. */
        String fingerprint();
    }

    /**
     * Études, rendered by the synthesiser at the rate of the codec.
     *
     * @param seed seed of the pieces
     * @param pieces how many are rendered to train on
     */
    record Etudes(long seed, int pieces) implements SoundSource {
        public Etudes {
            Checks.within("pieces", pieces, 1, 100_000);
        }

        /** 400 pieces: about two hours. */
        public static Etudes defaults() {
            return new Etudes(1, 400);
        }

        @Override
        public Recordings open(int sampleRate) {
            org.encore.music.etudes.Etudes etudes = new org.encore.music.etudes.Etudes(seed);
            Synthesiser synthesiser =
                    new Synthesiser(Synthesiser.Settings.standard().withSampleRate(sampleRate));
            return new Recordings() {
                @Override
                public int training() {
                    return pieces;
                }

                @Override
                public Waveform train(int index) {
                    return synthesiser.render(etudes.train(index).piece());
                }

                @Override
                public int heldOut(Split split, int wanted) {
                    return wanted;
                }

                @Override
                public Waveform heldOutAt(Split split, int index) {
                    return synthesiser.render(etude(split, index).piece());
                }

                @Override
                public String nameOf(Split split, int index) {
                    return etude(split, index).prompt().text();
                }

                private org.encore.music.etudes.Etudes.Etude etude(Split split, int index) {
                    return split == Split.TEST ? etudes.test(index) : etudes.heldOut(index);
                }

                @Override
                public double mostSeconds() {
                    return Double.POSITIVE_INFINITY;
                }

                @Override
                public String fingerprint() {
                    return new EtudeCorpus(seed).fingerprint() + "-" + pieces;
                }
            };
        }
    }

    /**
     * Sound files of a folder at any rate, channels averaged.
     *
     * @param folder the folder, searched recursively for WAV, FLAC, MP3 and Ogg Vorbis
     * @param seed seed of the order in which files are taken
     * @param hours most hours that are kept in memory; a larger folder is cut there
     * @param heldOutPerCent share of files that are held out from training, in per cent, chosen by the hash of their content
     */
    record AudioFolder(Path folder, long seed, double hours, int heldOutPerCent) implements SoundSource {
        public AudioFolder {
            Checks.leftOpenInterval("hours", hours, 0.0, 100.0);
            Checks.within("heldOutPerCent", heldOutPerCent, 1, 90);
        }

        /** At most three hours; one file in ten is held out. */
        public static AudioFolder defaults() {
            return new AudioFolder(null, 1, 3.0, 10);
        }

        @Override
        public Recordings open(int sampleRate) throws IOException {
            SoundFolder files = new SoundFolder(folder, heldOutPerCent);
            List<Path> training = new ArrayList<>(files.training());
            Shuffle.inPlace(training, new RandomStreams(seed).stream(Purpose.DATA_ORDER));
            Map<Integer, Resampler> resamplers = new ConcurrentHashMap<>();
            return new Recordings() {
                @Override
                public int training() {
                    return training.size();
                }

                @Override
                public Waveform train(int index) throws IOException {
                    return read(training.get(index));
                }

                @Override
                public int heldOut(Split split, int wanted) {
                    return Math.min(wanted, files.heldOut(split).size());
                }

                @Override
                public Waveform heldOutAt(Split split, int index) throws IOException {
                    return read(files.heldOut(split).get(index));
                }

                @Override
                public String nameOf(Split split, int index) {
                    return folder.relativize(files.heldOut(split).get(index)).toString();
                }

                private Waveform read(Path file) throws IOException {
                    Waveform sound = SoundFiles.read(file);
                    return resamplers
                            .computeIfAbsent(sound.sampleRate(), rate -> new Resampler(rate, sampleRate))
                            .resampled(sound);
                }

                @Override
                public double mostSeconds() {
                    return hours * 3600.0;
                }

                @Override
                public String fingerprint() {
                    return files.fingerprint();
                }
            };
        }
    }
}
