package org.encore.music.audio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;

/**
 * Reads sound files: WAV, FLAC, MP3 and Ogg Vorbis, whatever their names say.
 *
 * <p>A file that is cut off or damaged in places is read as far as it goes, with one warning in the log; one without a
 * single sample is refused. No file makes the reader allocate much more than the heap has room for.
 *
 * @see WaveFiles the encodings of WAV files
 */
public final class SoundFiles {
    /** The endings of files that can be read, in lower case. */
    public static final List<String> ENDINGS = List.of(".wav", ".flac", ".mp3", ".ogg", ".oga");

    /** The endings of other sound files, in lower case. */
    private static final List<String> OTHERS = List.of(
            ".aif", ".aiff", ".au", ".m4a", ".mp4", ".aac", ".opus", ".wma", ".wv", ".ape", ".w64", ".caf", ".webm",
            ".mka");

    private static final String ADVICE = "; convert it, for example by: ffmpeg -i FILE out.wav";

    private SoundFiles() {}

    /** Whether the name is that of a file that can be read. */
    public static boolean isSound(Path file) {
        return ENDINGS.contains(ending(file));
    }

    /** Whether the name is that of a sound file of a kind that cannot be read. */
    public static boolean isOtherSound(Path file) {
        return OTHERS.contains(ending(file));
    }

    /**
     * Reads a file, channels averaged.
     *
     * @throws InvalidFileException if there is no such file, it is of another kind or has no sound in it
     * @throws IOException if reading fails
     */
    public static Waveform read(Path file) throws IOException {
        FrameSink sink = new FrameSink(file, false);
        decode(WaveFiles.bytes(file), file, sink);
        return sink.mean();
    }

    /**
     * Reads the channels of a file.
     *
     * @return a sound for each channel, all of one length
     * @throws InvalidFileException if there is no such file, it is of another kind or has no sound in it
     * @throws IOException if reading fails
     */
    public static List<Waveform> readChannels(Path file) throws IOException {
        FrameSink sink = new FrameSink(file, true);
        decode(WaveFiles.bytes(file), file, sink);
        return sink.channels();
    }

    /** {@link #readChannels} as one sound of all channels. */
    public static Waveform readWithChannels(Path file) throws IOException {
        List<Waveform> channels = readChannels(file);
        return new Waveform(
                channels.stream().map(Waveform::samples).toList(),
                channels.get(0).sampleRate());
    }

    private static void decode(byte[] bytes, Path file, FrameSink sink) {
        boolean named = ending(file).equals(".wav") && kind(bytes).isEmpty();
        if (named || WaveFiles.WaveParser.isWave(bytes)) {
            new WaveFiles.WaveParser(bytes, file).parse(sink);
            return;
        }
        SoundDecoder decoder = kind(bytes)
                .or(() -> ending(file).equals(".mp3") ? Optional.of(SoundDecoder.MP3) : Optional.empty())
                .orElseThrow(() -> new InvalidFileException(
                        file, stranger(bytes) + ", but WAV, FLAC, MP3 and Ogg Vorbis can be read" + ADVICE));
        decoder.decode(bytes, file, sink);
    }

    /** The decoder of a file that is not WAV, by its first bytes. */
    private static Optional<SoundDecoder> kind(byte[] bytes) {
        int start = SoundDecoder.afterTags(bytes);
        if (starts(bytes, start, "fLaC")) {
            return Optional.of(SoundDecoder.FLAC);
        }
        if (start > 0 || SoundDecoder.isFrameOfMpeg(bytes, 0)) {
            return Optional.of(SoundDecoder.MP3);
        }
        return starts(bytes, 0, "OggS") ? Optional.of(SoundDecoder.VORBIS) : Optional.empty();
    }

    /** What a file of another kind is. */
    private static String stranger(byte[] bytes) {
        if (bytes.length == 0) {
            return "is empty";
        }
        if (starts(bytes, 4, "ftyp")) {
            return "is an MP4 file (AAC or ALAC)";
        }
        if (bytes.length > 1 && bytes[0] == (byte) 0xFF && (bytes[1] & 0xF6) == 0xF0) {
            return "is an AAC file";
        }
        if (starts(bytes, 0, "MThd")) {
            return "is a MIDI file: name it .mid";
        }
        return "is not a sound file of a known kind";
    }

    /** Whether a word stands at a place. */
    static boolean starts(byte[] bytes, int at, String word) {
        return at + word.length() <= bytes.length
                && new String(bytes, at, word.length(), StandardCharsets.ISO_8859_1).equals(word);
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }
}
