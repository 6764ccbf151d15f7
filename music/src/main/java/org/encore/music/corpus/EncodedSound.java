package org.encore.music.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.corpus.AudioFolderCorpus.Track;
import org.encore.music.text.Prompt;

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
    private static final int MAGIC = 0x454E4331;
    private static final int HEADER_INTS = 4;

    /** Frames that are decoded to learn the sample rate of a codec. */
    private static final int PROBE_FRAMES = 16;

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
            Checks.within("clipSeconds", clipSeconds, 0.1, 600.0);
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

    /**
     * A clip and its caption.
     *
     * @param codes {@code [K][F]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record CaptionedCodes(Prompt prompt, int[][] codes) {}

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
        Encoding encoding = Encoding.of(codec, settings, maxFrames);
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
                encoding.frames,
                heldOut.size() + test.size(),
                test.size());
        this.passes = new Passes(streams, training.size());
    }

    /** Frames of a clip. */
    public static int frames(WaveformEncoder encoder, double clipSeconds) {
        return Math.max(1, (int) Math.round(clipSeconds * encoder.framesPerSecond()));
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

    /** The codec with the sizes of its clips. */
    private static final class Encoding {
        private final AudioCodec codec;
        private final WaveformEncoder encoder;
        private final int sampleRate;
        private final int channels;
        private final int frames;
        private final int clipSamples;
        private final Path cache;
        private final String identity;
        private final Map<Integer, Resampler> resamplers = new HashMap<>();
        private int encoded;
        private int unread;

        private Encoding(AudioCodec codec, WaveformEncoder encoder, Waveform probe, Settings settings) {
            this.codec = codec;
            this.encoder = encoder;
            this.sampleRate = probe.sampleRate();
            this.channels = probe.channels();
            this.frames = frames(encoder, settings.clipSeconds());
            this.clipSamples = (int) Math.round(frames / encoder.framesPerSecond() * sampleRate);
            this.cache = settings.cache();
            this.identity = identity();
        }

        static Encoding of(AudioCodec codec, Settings settings, int maxFrames) {
            WaveformEncoder encoder = codec.encoder()
                    .orElseThrow(() -> new IllegalArgumentException("the codec " + codec.name()
                            + " does not encode sound, but a folder of sound needs a model whose codec does"));
            Waveform probe =
                    codec.decode(new int[codec.codebooks()][PROBE_FRAMES]).waveform();
            Encoding encoding = new Encoding(codec, encoder, probe, settings);
            if (encoding.frames > maxFrames) {
                throw new IllegalArgumentException("clipSeconds is " + settings.clipSeconds() + ", which are "
                        + encoding.frames + " frames of the codec, but the model reads at most " + maxFrames
                        + "; make it at most " + Math.floor(10 * maxFrames / encoder.framesPerSecond()) / 10);
            }
            return encoding;
        }

        /** What codes depend on beside the file: sizes, and what the encoder makes of a second of noise. */
        private String identity() {
            RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE);
            float[] noise = new float[sampleRate];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) (0.1 * random.nextGaussian());
            }
            return new Digest()
                    .add(codec.name() + " " + codec.codebooks() + " " + codec.cardinality() + " " + sampleRate + " "
                            + encoder.framesPerSecond() + " " + frames + (channels == 1 ? "" : " in " + channels))
                    .add(Arrays.deepToString(encoder.encode(new Waveform(noise, sampleRate))))
                    .hex();
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
            List<Clip> clips = new ArrayList<>();
            boolean more = true;
            for (int turn = 0; more; turn++) {
                more = false;
                for (int i = 0; i < tracks.size(); i++) {
                    if (turn < byTrack.get(i).size()) {
                        clips.add(new Clip(tracks.get(i), byTrack.get(i).get(turn)));
                        more = true;
                    }
                }
            }
            if (clips.isEmpty()) {
                throw new InvalidFileException(
                        last.file(),
                        last.problem() + "; of the " + tracks.size()
                                + (before == 0 ? " files to train on" : " held-out files") + " none can be read",
                        last);
            }
            return clips;
        }

        private List<int[][]> codes(Track track) throws IOException {
            Path kept = cache.resolve(track.sha256() + "-" + identity + ".codes");
            Optional<List<int[][]>> earlier = Files.isRegularFile(kept) ? read(kept) : Optional.empty();
            if (earlier.isPresent()) {
                return earlier.get();
            }
            // Of a codec of one channel the mean is encoded; it needs less memory to read.
            List<int[][]> codes =
                    encode(channels == 1 ? SoundFiles.read(track.file()) : SoundFiles.readWithChannels(track.file()));
            AtomicFiles.write(kept, bytes(codes));
            encoded++;
            return codes;
        }

        private List<int[][]> encode(Waveform sound) {
            Waveform whole = resamplers
                    .computeIfAbsent(sound.sampleRate(), rate -> new Resampler(rate, sampleRate))
                    .resampled(sound);
            int length = whole.samples().length;
            List<int[][]> codes = new ArrayList<>();
            for (int from = 0; from < length; from += clipSamples) {
                if (from == 0 || length - from >= clipSamples / 2) {
                    codes.add(cut(encoder.encode(clip(whole, from))));
                }
            }
            return codes;
        }

        /** A clip with as many channels as the codec; a sound with another number becomes its mean in each. */
        private Waveform clip(Waveform whole, int from) {
            List<float[]> clip = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                float[] source = whole.channels() == channels ? whole.channel(c) : whole.samples();
                float[] part = new float[clipSamples];
                System.arraycopy(source, from, part, 0, Math.min(clipSamples, source.length - from));
                clip.add(part);
            }
            return new Waveform(clip, sampleRate);
        }

        private int[][] cut(int[][] codes) {
            int[][] cut = new int[codes.length][];
            for (int k = 0; k < codes.length; k++) {
                cut[k] = Arrays.copyOf(codes[k], Math.min(frames, codes[k].length));
            }
            return cut;
        }

        /** Magic, K, clips and frames, the codes, and their CRC-32; all as integers of 32 bits. */
        private byte[] bytes(List<int[][]> codes) {
            int length = codes.get(0)[0].length;
            int numbers = HEADER_INTS + codes.size() * codec.codebooks() * length;
            ByteBuffer out = ByteBuffer.allocate(Integer.BYTES * (numbers + 1));
            out.putInt(MAGIC).putInt(codec.codebooks()).putInt(codes.size()).putInt(length);
            for (int[][] clip : codes) {
                for (int[] row : clip) {
                    for (int code : row) {
                        out.putInt(code);
                    }
                }
            }
            return out.putInt(checksum(out.array(), out.position())).array();
        }

        /** The codes of a file; empty if it is damaged. */
        private Optional<List<int[][]>> read(Path kept) throws IOException {
            byte[] bytes = Files.readAllBytes(kept);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            int body = bytes.length - Integer.BYTES;
            if (body < Integer.BYTES * HEADER_INTS
                    || checksum(bytes, body) != in.getInt(body)
                    || in.getInt() != MAGIC) {
                LOG.warn("{}: is damaged, and is made anew", kept);
                return Optional.empty();
            }
            int[][][] codes = new int[in.getInt(8)][in.getInt(4)][in.getInt(12)];
            in.position(Integer.BYTES * HEADER_INTS);
            for (int[][] clip : codes) {
                for (int[] row : clip) {
                    for (int f = 0; f < row.length; f++) {
                        row[f] = in.getInt();
                    }
                }
            }
            return Optional.of(List.of(codes));
        }

        private static int checksum(byte[] bytes, int length) {
            CRC32 crc = new CRC32();
            crc.update(bytes, 0, length);
            return (int) crc.getValue();
        }
    }
}
