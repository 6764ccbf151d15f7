package org.encore.music.audio;

import com.jcraft.jogg.Packet;
import com.jcraft.jogg.Page;
import com.jcraft.jogg.StreamState;
import com.jcraft.jogg.SyncState;
import com.jcraft.jorbis.Block;
import com.jcraft.jorbis.Comment;
import com.jcraft.jorbis.DspState;
import com.jcraft.jorbis.Info;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.BitstreamException;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.DecoderException;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.SampleBuffer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;

/** The decoders, which deliver frames to a sink; whatever libraries throw at a damaged file becomes one line. */
enum SoundDecoder {
    /** Free Lossless Audio Codec. */
    FLAC {
        @Override
        void run(byte[] bytes, Path file, FrameSink sink) {
            FlacReader reader = new FlacReader(bytes, file);
            reader.read(afterTags(bytes), sink);
            if (reader.damaged() > 0) {
                warn(file, "is damaged in " + reader.damaged() + " places, which are left out");
            } else {
                warnIfShort(file, sink, reader.announced());
            }
        }
    },

    /** MPEG 1, 2 and 2.5, layers I to III, by JLayer. */
    MP3 {
        @Override
        void run(byte[] bytes, Path file, FrameSink sink) throws BitstreamException {
            Bitstream stream = new Bitstream(new ByteArrayInputStream(bytes));
            Decoder decoder = new Decoder();
            MpegTag tag = MpegTag.of(bytes);
            int skip = tag.silent();
            int damaged = 0;
            int read = 0;
            for (Header header = stream.readFrame(); header != null; header = stream.readFrame()) {
                read++;
                SampleBuffer decoded = decoded(decoder, header, stream);
                stream.closeFrame();
                if (decoded == null) {
                    damaged++;
                    continue;
                }
                int channels = decoded.getChannelCount();
                sink.begin(channels, decoded.getSampleFrequency());
                float[] values = new float[channels];
                for (int i = 0; i < decoded.getBufferLength(); i += channels) {
                    if (skip > 0) {
                        skip--;
                        continue;
                    }
                    for (int channel = 0; channel < channels; channel++) {
                        values[channel] = decoded.getBuffer()[i + channel] / full(Short.SIZE);
                    }
                    sink.add(values);
                }
            }
            if (damaged > 0) {
                warn(file, damaged + " of its " + read + " frames are damaged and left out");
            }
            if (tag.frames() > read) {
                warn(
                        file,
                        "is cut off: its header announces " + tag.frames() + " frames, but only " + read
                                + " are there");
            } else if (tag.samples() > 0) {
                sink.truncate((int) Math.min(Integer.MAX_VALUE, tag.samples()));
            }
        }

        /** The samples of a frame; null if it is damaged. */
        private SampleBuffer decoded(Decoder decoder, Header header, Bitstream stream) {
            try {
                return (SampleBuffer) decoder.decodeFrame(header, stream);
            } catch (DecoderException | RuntimeException e) {
                return null;
            }
        }
    },

    /** Vorbis in Ogg, by JOrbis; other streams in the file are passed over. */
    VORBIS {
        @Override
        void run(byte[] bytes, Path file, FrameSink sink) {
            new VorbisStream(bytes, file, sink).decode();
        }
    };

    private static final Logger LOG = LogManager.getLogger(SoundFiles.class);

    /** Decodes; anything may be thrown at a damaged file. */
    abstract void run(byte[] bytes, Path file, FrameSink sink) throws Exception;

    /**
     * Decodes a file as far as it goes.
     *
     * @throws InvalidFileException if nothing of it can be decoded
     */
    void decode(byte[] bytes, Path file, FrameSink sink) {
        try {
            run(bytes, file, sink);
        } catch (InvalidFileException e) {
            throw e;
        } catch (Exception e) { // libraries that trust what they read fail in any way
            if (sink.frames() == 0) {
                throw new InvalidFileException(
                        file, "is damaged: it cannot be read as " + name() + " (" + reason(e) + ")", e);
            }
            warn(
                    file,
                    String.format(Locale.ROOT, "is damaged: it is read up to frame %d (%s)", sink.frames(), reason(e)));
        }
    }

    private static String reason(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void warn(Path file, String what) {
        LOG.warn("{}: {}", file, what);
    }

    private static void warnIfShort(Path file, FrameSink sink, long announced) {
        if (announced > sink.frames()) {
            warn(
                    file,
                    String.format(
                            Locale.ROOT,
                            "is cut off: its header announces %.2f s of sound, but only %.2f s are there",
                            (double) announced / sink.sampleRate(),
                            (double) sink.frames() / sink.sampleRate()));
        }
    }

    /** The integer that 1 stands for: for 16 bits the largest, as WAV files are written. */
    static float full(int bits) {
        return bits == Short.SIZE ? Short.MAX_VALUE : (float) Math.scalb(1.0, bits - 1);
    }

    /** The place after the tags (ID3v2) at the start of a file. */
    static int afterTags(byte[] bytes) {
        int at = 0;
        while (SoundFiles.starts(bytes, at, "ID3") && at + 10 <= bytes.length) {
            int size = 0;
            for (int i = 6; i < 10; i++) {
                size = (size << 7) | (bytes[at + i] & 0x7F);
            }
            at += Math.min(10 + size, bytes.length - at);
        }
        return at;
    }

    /** Whether a frame of MPEG audio starts at a place: eleven ones, and a version, layer, rate and size that exist. */
    static boolean isFrameOfMpeg(byte[] bytes, int at) {
        return at + 4 <= bytes.length
                && bytes[at] == (byte) 0xFF
                && (bytes[at + 1] & 0xE0) == 0xE0
                && (bytes[at + 1] & 0x18) != 0x08
                && (bytes[at + 1] & 0x06) != 0
                && (bytes[at + 2] & 0xF0) != 0xF0
                && (bytes[at + 2] & 0x0C) != 0x0C;
    }

    /**
     * What the first frame of an MP3 file says (Xing or Info, with the part that LAME added), which is itself silent.
     *
     * @param frames number of frames, this one included; 0 if unknown
     * @param silent samples before the sound: this frame, and the delays of encoder and decoder
     * @param samples length of the sound; 0 if unknown
     */
    private record MpegTag(long frames, int silent, long samples) {
        /** Samples by which every decoder is late. */
        private static final int DECODER_DELAY = 529;

        private static final int LAME = 120;
        private static final int DELAYS = LAME + 21;

        static MpegTag of(byte[] bytes) {
            int start = afterTags(bytes);
            for (int at = start; at < start + 48 && at + DELAYS + 3 <= bytes.length; at++) {
                if (isFrameOfMpeg(bytes, start)
                        && (SoundFiles.starts(bytes, at, "Xing") || SoundFiles.starts(bytes, at, "Info"))) {
                    ByteBuffer tag = ByteBuffer.wrap(bytes, at, DELAYS + 3).slice();
                    int each = (bytes[start + 1] & 0x18) == 0x18 ? 1152 : 576;
                    int flags = tag.getInt(4);
                    long frames = (flags & 1) == 0 ? 0 : Integer.toUnsignedLong(tag.getInt(8));
                    boolean tells = flags == 15 && (tag.get(LAME) == 'L' || tag.get(LAME) == 'l');
                    int delays = tells ? tag.getInt(DELAYS - 1) & 0xFFFFFF : 0;
                    int delay = delays >> 12;
                    return new MpegTag(
                            frames == 0 ? 0 : frames + 1,
                            each + (tells ? delay + DECODER_DELAY : 0),
                            tells ? Math.max(0, frames * each - delay - (delays & 0xFFF)) : 0);
                }
            }
            return new MpegTag(0, 0, 0);
        }
    }

    /** The pages of an Ogg file. */
    private static final class VorbisStream {
        private static final int CHUNK = 1 << 14;
        private static final int HEADERS = 3;

        /** The second header without a name of the encoder and without comments. */
        private static final byte[] NO_COMMENTS = {3, 'v', 'o', 'r', 'b', 'i', 's', 0, 0, 0, 0, 0, 0, 0, 0, 1};

        /** The longest block of Vorbis. */
        private static final int MOST_CUT = 8192;

        private final byte[] bytes;
        private final Path file;
        private final FrameSink sink;
        private final StreamState stream = new StreamState();
        private final Info info = new Info();
        private final Comment comment = new Comment();
        private final DspState synthesis = new DspState();
        private final Block block = new Block(synthesis);
        private final Packet packet = new Packet();

        /** Of the stream being decoded, with its headers read so far; none before the first. */
        private int serial;

        private int headers = -1;

        /** The frame of the sink at which the stream begins. */
        private int first;

        private boolean ended;
        private String other = "has no stream of Vorbis in it";

        VorbisStream(byte[] bytes, Path file, FrameSink sink) {
            this.bytes = bytes;
            this.file = file;
            this.sink = sink;
        }

        void decode() {
            SyncState pages = new SyncState();
            Page page = new Page();
            pages.init();
            for (int from = 0; from < bytes.length; from += CHUNK) {
                int count = Math.min(CHUNK, bytes.length - from);
                System.arraycopy(bytes, from, room(pages, count), pages.getBufferOffset(), count);
                pages.wrote(count);
                for (int found = pages.pageout(page); found != 0; found = pages.pageout(page)) {
                    if (found > 0) {
                        read(page);
                    }
                }
            }
            if (headers < HEADERS) {
                throw new InvalidFileException(file, headers < 0 ? other : "is cut off within its headers");
            }
            if (!ended) {
                warn(file, "is cut off: its last page is missing");
            }
        }

        private static byte[] room(SyncState pages, int count) {
            pages.buffer(count);
            return pages.data;
        }

        private void read(Page page) {
            if (page.bos() != 0) {
                begin(page);
            }
            if (headers < 0 || page.serialno() != serial || stream.pagein(page) < 0) {
                return;
            }
            ended = page.eos() != 0;
            long length = page.granulepos();
            for (int found = stream.packetout(packet); found != 0; found = stream.packetout(packet)) {
                if (found > 0) {
                    readPacket();
                }
            }
            // The last page says where the sound ends within its last block.
            if (ended && length >= 0 && first + length < sink.frames() && sink.frames() - first - length < MOST_CUT) {
                sink.truncate((int) (first + length));
            }
        }

        private void begin(Page page) {
            if (SoundFiles.starts(page.body_base, page.body, "\u0001vorbis")) {
                serial = page.serialno();
                stream.init(serial);
                info.init();
                comment.init();
                headers = 0;
                first = sink.frames();
            } else if (SoundFiles.starts(page.body_base, page.body, "OpusHead")) {
                other = "is an Opus file, which cannot be read; convert it, for example by: ffmpeg -i FILE out.wav";
            } else if (SoundFiles.starts(page.body_base, page.body, "\u007fFLAC")) {
                other = "is FLAC in Ogg, which cannot be read; convert it, for example by: ffmpeg -i FILE out.flac";
            }
        }

        private void readPacket() {
            if (headers < HEADERS) {
                if (headers == 1) {
                    // Nobody reads the comments, whose lengths the library would trust.
                    packet.packet_base = NO_COMMENTS.clone();
                    packet.packet = 0;
                    packet.bytes = NO_COMMENTS.length;
                }
                boolean isSound =
                        headers != HEADERS - 1 || VorbisBooks.areSound(packet.packet_base, packet.packet, packet.bytes);
                if (!isSound || info.synthesis_headerin(comment, packet) < 0) {
                    throw new InvalidFileException(file, "is damaged: its Vorbis headers cannot be read");
                }
                headers++;
                if (headers == HEADERS) {
                    sink.begin(info.channels, info.rate);
                    try {
                        synthesis.synthesis_init(info);
                    } catch (OutOfMemoryError e) {
                        // One table of a size that a header made up: there is memory for all else.
                        throw new InvalidFileException(
                                file, "is damaged: its Vorbis headers ask for too much memory", e);
                    }
                    block.init(synthesis);
                }
                return;
            }
            if (block.synthesis(packet) == 0) {
                synthesis.synthesis_blockin(block);
            }
            float[][][] samples = new float[1][][];
            int[] offsets = new int[info.channels];
            float[] values = new float[info.channels];
            int count = synthesis.synthesis_pcmout(samples, offsets);
            while (count > 0) {
                for (int i = 0; i < count; i++) {
                    for (int channel = 0; channel < values.length; channel++) {
                        values[channel] = samples[0][channel][offsets[channel] + i];
                    }
                    sink.add(values);
                }
                synthesis.synthesis_read(count);
                count = synthesis.synthesis_pcmout(samples, offsets);
            }
        }
    }
}
