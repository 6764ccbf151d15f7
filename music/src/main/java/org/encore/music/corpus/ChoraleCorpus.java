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
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.JsonProblems;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.codec.VoiceCodec;
import org.encore.music.corpus.ChoraleCorpus.ChoraleFile.Part;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;

/**
 * Four-part pieces of a file that is split into train, valid and test, such as the chorales of Bach on a grid of
 * sixteenths.
 *
 * <p>Training shuffles the pieces of {@code train} anew in every pass. It transposes each piece by a number of semitones, drawn uniformly from those that keep every voice in its range in {@code train}; of a piece that is too long it takes a window that starts on a quarter note. {@code valid} is held out, {@code test} is for the final measurement; both keep whole pieces, untransposed, in the order of the file.
 */
public final class ChoraleCorpus implements Corpus {
    private static final int FRAMES_PER_QUARTER = 4;
    private static final Prompt PROMPT = new Prompt("A chorale for four voices.", Attributes.NONE);

    private final Settings settings;
    private final RandomStreams streams;
    private final List<int[][]> training;
    private final List<int[][]> valid;
    private final List<int[][]> test;
    private final List<int[][]> heldOut;
    private final int[] lowest;
    private final int[] highest;
    private final String fingerprint;

    /**
     * How the file is used.
     *
     * @param seed decides order, transpositions and windows
     * @param farthestShift the most semitones by which a training piece is moved, in [0, 24]; 0 moves none
     * @param maxFrames the most frames of a piece, one for its end included, at least 16
     */
    public record Settings(long seed, int farthestShift, int maxFrames) {
        public Settings {
            if (farthestShift < 0 || farthestShift > 24) {
                throw new IllegalArgumentException("farthestShift is " + farthestShift + ", but must lie in [0, 24]");
            }
            if (maxFrames < 16) {
                throw new IllegalArgumentException("maxFrames is " + maxFrames + ", but must be at least 16");
            }
        }
    }

    /**
     * Reads a file.
     *
     * @throws InvalidFileException if it cannot be used, or a piece of {@code valid} or {@code test} is too long
     */
    public ChoraleCorpus(Path file, Settings settings) throws IOException {
        this.settings = settings;
        this.streams = new RandomStreams(settings.seed());
        Map<Part, List<int[][]>> splits = ChoraleFile.read(file);
        this.training = splits.get(Part.TRAIN);
        this.valid = splits.get(Part.VALID);
        this.test = splits.get(Part.TEST);
        this.heldOut = valid;
        this.lowest = new int[VoiceCodec.VOICES.size()];
        this.highest = new int[VoiceCodec.VOICES.size()];
        requireWhole(file, Part.VALID, valid);
        requireWhole(file, Part.TEST, test);
        findRanges();
        Digest digest = new Digest().add(settings.toString());
        for (List<int[][]> split : List.of(training, valid, test)) {
            split.forEach(piece -> digest.add(Arrays.deepToString(piece)));
        }
        this.fingerprint = "chorales-" + digest.hex();
    }

    private ChoraleCorpus(ChoraleCorpus all, Split split) {
        this.settings = all.settings;
        this.streams = all.streams;
        this.training = all.training;
        this.valid = all.valid;
        this.test = all.test;
        this.heldOut = split == Split.TEST ? all.test : all.valid;
        this.lowest = all.lowest;
        this.highest = all.highest;
        this.fingerprint = all.fingerprint;
    }

    /** {@code valid} is for development. */
    @Override
    public Corpus on(Split split) {
        return new ChoraleCorpus(this, split);
    }

    private void requireWhole(Path file, Part split, List<int[][]> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            int frames = pieces.get(i).length + 1;
            if (frames > settings.maxFrames()) {
                throw new InvalidFileException(
                        file,
                        split.key() + "[" + i + "] has " + frames + " frames with its end, but maxFrames is "
                                + settings.maxFrames()
                                + "; measuring cuts nothing, so make maxFrames at least as large");
            }
        }
    }

    private void findRanges() {
        for (int voice = 0; voice < lowest.length; voice++) {
            lowest[voice] = VoiceCodec.HIGHEST_PITCH;
            highest[voice] = VoiceCodec.LOWEST_PITCH;
        }
        for (int[][] piece : training) {
            for (int[] frame : piece) {
                for (int voice = 0; voice < frame.length; voice++) {
                    if (frame[voice] != ChoraleFile.SILENT) {
                        lowest[voice] = Math.min(lowest[voice], frame[voice]);
                        highest[voice] = Math.max(highest[voice], frame[voice]);
                    }
                }
            }
        }
    }

    @Override
    public CaptionedPiece train(long index) {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, 1, index);
        int[][] piece = training.get(place(index));
        int[][] window = window(piece, random);
        int[] shifts = shifts(piece);
        int shift = shifts[0] + random.nextInt(shifts[1] - shifts[0] + 1);
        return new CaptionedPiece(PROMPT, piece(window, shift));
    }

    /** The piece of an index: each pass over the file has its own order. */
    private int place(long index) {
        long pass = index / training.size();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < training.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(
                order, new Random(streams.stream(Purpose.DATA_ORDER, 0, pass).nextLong()));
        return order.get((int) (index % training.size()));
    }

    private int[][] window(int[][] piece, RandomGenerator random) {
        int most = settings.maxFrames() - 1;
        if (piece.length <= most) {
            return piece;
        }
        int starts = (piece.length - most) / FRAMES_PER_QUARTER + 1;
        int first = random.nextInt(starts) * FRAMES_PER_QUARTER;
        return Arrays.copyOfRange(piece, first, first + most);
    }

    /** The lowest and the highest shift that keep every voice of a training piece in its range. */
    private int[] shifts(int[][] piece) {
        int down = -settings.farthestShift();
        int up = settings.farthestShift();
        for (int[] frame : piece) {
            for (int voice = 0; voice < frame.length; voice++) {
                if (frame[voice] != ChoraleFile.SILENT) {
                    down = Math.max(down, lowest[voice] - frame[voice]);
                    up = Math.min(up, highest[voice] - frame[voice]);
                }
            }
        }
        return new int[] {down, up};
    }

    /** Frames as notes; a window's silent end is not kept. */
    private static Piece piece(int[][] frames, int shift) {
        int[][] codes = new int[VoiceCodec.VOICES.size()][frames.length];
        for (int t = 0; t < frames.length; t++) {
            for (int voice = 0; voice < codes.length; voice++) {
                int pitch = frames[t][voice];
                codes[voice][t] = pitch == ChoraleFile.SILENT ? VoiceCodec.REST : VoiceCodec.codeOf(pitch + shift);
            }
        }
        return VoiceCodec.read(codes);
    }

    /** The first pieces of the split, or all if there are no more. */
    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return captioned(heldOut.subList(0, Math.min(count, heldOut.size())));
    }

    private static List<CaptionedPiece> captioned(List<int[][]> pieces) {
        return pieces.stream()
                .map(piece -> new CaptionedPiece(PROMPT, piece(piece, 0)))
                .toList();
    }

    @Override
    public Prompt trainPrompt(long index) {
        return PROMPT;
    }

    @Override
    public List<Prompt> heldOutPrompts(int count) {
        return Collections.nCopies(count, PROMPT);
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * Reads a file of four-part pieces on a grid of sixteenths: {@code {"train": [piece, …], "valid": […], "test": […]}}, a
     * piece being a list of frames {@code [soprano, alto, tenor, bass]} of MIDI pitches, -1 for a rest; JSON, gzipped or not.
     */
    static final class ChoraleFile {
        /** The pitch that marks a rest. */
        static final int SILENT = -1;

        /** More frames than this, a hundred times the chorales of Bach, are refused before they fill the memory. */
        private static final int MOST_FRAMES = 10_000_000;

        private static final int GZIP_MAGIC = 0x1F8B;

        private final Path path;
        private final JsonParser parser;
        private final int[] frame = new int[VoiceCodec.VOICES.size()];
        private int frames;

        /** The parts that the file is split into. */
        enum Part {
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
        static Map<Part, List<int[][]>> read(Path path) throws IOException {
            if (!Files.isRegularFile(path)) {
                throw new InvalidFileException(
                        path, "there is no such file, but it must be the JSON file of the chorales, gzipped or not");
            }
            try (InputStream in = open(path);
                    JsonParser parser = new JsonFactory().createParser(in)) {
                return new ChoraleFile(path, parser).splits();
            } catch (JsonProcessingException e) {
                throw new InvalidFileException(path, "is not valid JSON: " + JsonProblems.of(e), e);
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

        private Map<Part, List<int[][]>> splits() throws IOException {
            Map<Part, List<int[][]>> splits = new EnumMap<>(Part.class);
            require(
                    parser.nextToken() == JsonToken.START_OBJECT,
                    "it",
                    "an object with the keys train, valid and test");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                parser.nextToken();
                boolean known = false;
                for (Part split : Part.values()) {
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
            for (Part split : Part.values()) {
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
}
