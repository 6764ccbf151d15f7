package org.encore.music.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.AudioFolderCorpus.Track;
import org.encore.music.corpus.SoundClips.CaptionedCodes;

/**
 * The files of an {@link AudioFolderCorpus} as codes: each is resampled to the rate of the codec, cut into clips of one
 * length and encoded once; the codes are kept in a folder for later runs. A stereo codec gets both channels, one of a single
 * channel the mean.
 *
 * <p>The last clip of a file is filled up with silence; it is left out if less than half of it is sound, unless it is the
 * only one. Files that cannot be read are logged, one line each.
 */
public final class EncodedSound {
    private static final Logger LOG = LogManager.getLogger(EncodedSound.class);

    private final RandomStreams streams;
    private final List<Clip> training;
    private final List<Clip> heldOut;
    private final List<Clip> test;
    private final Passes passes;

    /**
     * How files become clips.
     *
     * @param clipSeconds length of the clips
     * @param cache folder of the codes
     */
    public record Settings(double clipSeconds, Path cache) {
        public Settings {
            SoundClips.requireSeconds(clipSeconds);
        }
    }

    /** Is told of each file that is done. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Reports a file.
         *
         * @param done files so far
         * @param all files of the corpus
         * @param note what was done with them so far
         */
        void file(int done, int all, String note);
    }

    /** One clip of a file. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Clip(Track track, int[][] codes) {}

    /**
     * Encodes the files of a corpus, or reads their codes.
     *
     * @param maxFrames the most frames of a clip
     * @throws IllegalArgumentException if the codec does not encode sound, or the clips have too many frames
     * @throws InvalidFileException if no file to train on, or no held-out file, can be read
     */
    public EncodedSound(AudioFolderCorpus corpus, AudioCodec codec, int maxFrames, Settings settings, Listener listener)
            throws IOException {
        this.streams = corpus.streams();
        SoundClips clips = SoundClips.of(codec, settings.clipSeconds(), maxFrames, "a folder of sound");
        Encoding encoding = new Encoding(clips, settings.cache());
        List<Track> development = corpus.on(Split.DEVELOPMENT).heldOut();
        List<Track> tested = corpus.on(Split.TEST).heldOut();
        int before = corpus.training().size();
        int all = before + development.size() + tested.size();
        this.training = encoding.clips(corpus.training(), 0, all, listener);
        this.heldOut = encoding.clips(development, before, all, listener);
        this.test = tested.isEmpty() ? List.of() : encoding.clips(tested, before + development.size(), all, listener);
        LOG.info(
                "{} clips of {} frames to train on, {} held out, of which {} for the test",
                training.size(),
                clips.frames(),
                heldOut.size() + test.size(),
                test.size());
        this.passes = new Passes(streams, training.size());
    }

    /** The training clip of an index: every pass has its own order. */
    public CaptionedCodes train(long index) {
        Clip clip = training.get(passes.at(index));
        return captioned(clip, streams.stream(Purpose.CAPTION, 0, index));
    }

    /** The first held-out clips, taking turns between files; all if there are no more. */
    public List<CaptionedCodes> heldOut(Split split, int count) {
        List<Clip> whole = split == Split.TEST ? test : heldOut;
        List<CaptionedCodes> clips = new ArrayList<>();
        for (int i = 0; i < Math.min(count, whole.size()); i++) {
            clips.add(captioned(whole.get(i), streams.stream(Purpose.CAPTION, 1, i)));
        }
        return clips;
    }

    /** Number of clips to train on. */
    public int trainingClips() {
        return training.size();
    }

    private static CaptionedCodes captioned(Clip clip, RandomGenerator random) {
        return new CaptionedCodes(clip.track().prompt(random), clip.codes());
    }

    /** Encodes files. */
    private static final class Encoding {
        private final SoundClips clips;
        private final CodeCache cache;
        private final Map<Integer, Resampler> resamplers = new HashMap<>();
        private int encoded;
        private int unread;

        Encoding(SoundClips clips, Path cache) {
            this.clips = clips;
            this.cache = new CodeCache(cache);
        }

        /** The clips of files: the first of each, then the second of each, and so on. */
        List<Clip> clips(List<Track> tracks, int before, int all, Listener listener) throws IOException {
            List<List<int[][]>> byTrack = new ArrayList<>();
            InvalidFileException last = null;
            for (int i = 0; i < tracks.size(); i++) {
                try {
                    byTrack.add(codes(tracks.get(i)));
                } catch (InvalidFileException e) {
                    LOG.warn("left out {}", e.getMessage());
                    byTrack.add(List.of());
                    unread++;
                    last = e;
                }
                listener.file(before + i + 1, all, encoded + " encoded, " + unread + " cannot be read");
            }
            List<Clip> inTurn = new ArrayList<>();
            boolean more = true;
            for (int turn = 0; more; turn++) {
                more = false;
                for (int i = 0; i < tracks.size(); i++) {
                    if (turn < byTrack.get(i).size()) {
                        inTurn.add(new Clip(tracks.get(i), byTrack.get(i).get(turn)));
                        more = true;
                    }
                }
            }
            if (inTurn.isEmpty()) {
                throw new InvalidFileException(
                        last.file(),
                        last.problem() + "; of the " + tracks.size()
                                + (before == 0 ? " files to train on" : " held-out files") + " none can be read",
                        last);
            }
            return inTurn;
        }

        private List<int[][]> codes(Track track) throws IOException {
            String name = track.sha256() + "-" + clips.identity();
            Optional<List<int[][]>> earlier = cache.read(name);
            if (earlier.isPresent()) {
                return earlier.get();
            }
            // Of a codec of one channel the mean is encoded; it needs less memory to read.
            List<int[][]> codes = encode(
                    clips.channels() == 1 ? SoundFiles.read(track.file()) : SoundFiles.readWithChannels(track.file()));
            cache.write(name, codes);
            encoded++;
            return codes;
        }

        private List<int[][]> encode(Waveform sound) {
            Waveform whole = resamplers
                    .computeIfAbsent(sound.sampleRate(), rate -> new Resampler(rate, clips.sampleRate()))
                    .resampled(sound);
            int length = whole.samples().length;
            List<int[][]> codes = new ArrayList<>();
            for (int from = 0; from < length; from += clips.samples()) {
                if (from == 0 || length - from >= clips.samples() / 2) {
                    codes.add(clips.encode(whole, from));
                }
            }
            return codes;
        }
    }
}
