package org.encore.music.corpus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.encore.music.codec.VoiceCodec;
import org.encore.music.files.InvalidFileException;

/**
 * Reads a file of four-part pieces on a grid of sixteenths: {@code {"train": [piece, …], "valid": […], "test": […]}}, a
 * piece being a list of frames {@code [soprano, alto, tenor, bass]} of MIDI pitches, -1 for a rest; JSON, gzipped or not.
 */
final class ChoraleFile {
    /** What stands for silence. */
    static final int SILENT = -1;

    /** More frames than this, a hundred times the chorales of Bach, are refused before they fill the memory. */
    private static final int MOST_FRAMES = 10_000_000;

    private static final int GZIP_MAGIC = 0x1F8B;

    private final Path path;
    private final JsonParser parser;
    private final int[] frame = new int[VoiceCodec.VOICES.size()];
    private int frames;

    /** The parts that the file is split into. */
    enum Split {
        TRAIN,
        VALID,
        TEST;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private ChoraleFile(Path path, JsonParser parser) {
        this.path = path;
        this.parser = parser;
    }

    /**
     * Reads all pieces, {@code [F][4]} each.
     *
     * @throws InvalidFileException if the file is absent, or not what it must be
     */
    static Map<Split, List<int[][]>> read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new InvalidFileException(
                    path, "there is no such file, but it must be the JSON file of the chorales, gzipped or not");
        }
        try (InputStream in = open(path);
                JsonParser parser = new JsonFactory().createParser(in)) {
            return new ChoraleFile(path, parser).splits();
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(path, "is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (ZipException | EOFException e) {
            throw new InvalidFileException(path, "is damaged or cut off: " + e.getMessage(), e);
        }
    }

    private static InputStream open(Path path) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path));
        in.mark(2);
        int magic = (in.read() << 8) | in.read();
        in.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(in) : in;
    }

    private Map<Split, List<int[][]>> splits() throws IOException {
        Map<Split, List<int[][]>> splits = new EnumMap<>(Split.class);
        require(parser.nextToken() == JsonToken.START_OBJECT, "it", "an object with the keys train, valid and test");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            boolean known = false;
            for (Split split : Split.values()) {
                if (split.key().equals(key)) {
                    require(!splits.containsKey(split), key, "there once");
                    splits.put(split, pieces(key));
                    known = true;
                }
            }
            if (!known) {
                parser.skipChildren();
            }
        }
        for (Split split : Split.values()) {
            require(!splits.getOrDefault(split, List.of()).isEmpty(), split.key(), "a list of at least one piece");
        }
        return splits;
    }

    private List<int[][]> pieces(String place) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, place, "a list of pieces");
        List<int[][]> pieces = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            pieces.add(piece(place + "[" + pieces.size() + "]"));
        }
        return pieces;
    }

    private int[][] piece(String place) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, place, "a list of frames");
        List<int[]> piece = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            readFrame(place + "[" + piece.size() + "]");
            piece.add(frame.clone());
        }
        frames += piece.size();
        require(frames <= MOST_FRAMES, place, "within the first " + MOST_FRAMES + " frames of the file");
        boolean sounds = false;
        for (int pitch : frame) {
            sounds |= pitch != SILENT;
        }
        require(!piece.isEmpty() && sounds, place, "at least one frame long and sound in its last");
        return piece.toArray(int[][]::new);
    }

    private void readFrame(String place) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, place, "a list of four pitches");
        for (int voice = 0; voice < frame.length; voice++) {
            boolean isNumber = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
            require(isNumber, place, "a list of " + frame.length + " whole numbers");
            frame[voice] = parser.getIntValue();
            boolean known = frame[voice] == SILENT
                    || (frame[voice] >= VoiceCodec.LOWEST_PITCH && frame[voice] <= VoiceCodec.HIGHEST_PITCH);
            if (!known) {
                throw new InvalidFileException(
                        path,
                        place + "[" + voice + "] is " + frame[voice] + ", but must be a MIDI pitch in ["
                                + VoiceCodec.LOWEST_PITCH + ", " + VoiceCodec.HIGHEST_PITCH + "], or " + SILENT
                                + " for a rest");
            }
        }
        require(parser.nextToken() == JsonToken.END_ARRAY, place, "a list of no more than four pitches");
    }

    private void require(boolean holds, String place, String expected) {
        if (!holds) {
            throw new InvalidFileException(path, place + " must be " + expected);
        }
    }
}
