package org.encore.steering.probes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Timbre;

/** Cuts clips with and without a trait and encodes them. */
final class Segments {
    private static final int ATTEMPTS = 8;
    private static final int LEAST_NOTES = 2;
    private static final int MOST_PER_FILE = 64;
    /** Of five files one is for selection and one is held out. */
    private static final int PARTS = 5;

    private final AudioCodec codec;
    private final int mostFrames;
    private final ProbeSettings settings;
    private final int tail;
    private final RandomStreams streams;
    private final Etudes etudes;
    private final Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());

    /**
     * Clips for the codec of a model.
     *
     * @param mostFrames frames that the model has positions for; longer clips are cut
     */
    Segments(AudioCodec codec, int mostFrames, ProbeSettings settings, long seed) {
        this(codec, mostFrames, settings, new RandomStreams(seed), new Etudes(seed), 0);
    }

    private Segments(
            AudioCodec codec, int mostFrames, ProbeSettings settings, RandomStreams streams, Etudes etudes, int tail) {
        this.codec = codec;
        this.mostFrames = mostFrames;
        this.settings = settings;
        this.streams = streams;
        this.etudes = etudes;
        this.tail = tail;
    }

    /** What the clips are for. */
    enum Split {
        TRAINING(0),
        SELECTION(1),
        HELD_OUT(2);

        /** Index of its random streams. */
        private final int stream;

        Split(int stream) {
            this.stream = stream;
        }
    }

    /**
     * A clip.
     *
     * @param codes {@code [K][F]}
     * @param positive whether it has the trait
     * @param source number of the piece it is from; clips of one piece are alike
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Segment(int[][] codes, boolean positive, int source) {}

    /**
     * {@link #of(Trait, Split)} that end anywhere in a note.
     *
     * @param most a clip of notes ends at up to this many codes before its last
     */
    List<Segment> of(Trait trait, Split split, int most) throws IOException {
        return new Segments(codec, mostFrames, settings, streams, etudes, most).of(trait, split);
    }

    /** The clips of a trait, as many with as without; those of notes end with a whole note. */
    List<Segment> of(Trait trait, Split split) throws IOException {
        if (trait instanceof Trait.Instrument instrument) {
            return withAndWithoutPart(instrument.timbre(), split);
        }
        if (trait instanceof Trait.Attribute attribute) {
            return withAndWithoutValue(attribute, split);
        }
        return ofFiles((Trait.Folders) trait, split);
    }

    private int pairs(Split split) {
        return switch (split) {
            case TRAINING -> settings.training();
            case SELECTION -> settings.selection();
            case HELD_OUT -> settings.heldOut();
        };
    }

    private LongFunction<Etude> source(Split split) {
        return switch (split) {
            case TRAINING -> index -> etudes.train(1_000_000 + index);
            case SELECTION -> index -> etudes.train(1_500_000 + index);
            case HELD_OUT -> etudes::heldOut;
        };
    }

    private RandomGenerator random(Split split, long index) {
        return streams.stream(Purpose.EVALUATION, split.stream, index);
    }

    private List<Segment> withAndWithoutPart(Timbre timbre, Split split) {
        List<Segment> segments = new ArrayList<>();
        LongFunction<Etude> source = source(split);
        Predicate<Note> part = note -> Timbre.nearest(note.instrument()) == timbre;
        for (long index = 0; segments.size() < 2 * pairs(split); index++) {
            Etude etude = source.apply(index);
            if (!etude.truth().instruments().contains(timbre)
                    || etude.truth().instruments().size() < 2) {
                continue;
            }
            RandomGenerator random = random(split, index);
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Piece with = window(etude.piece(), random);
                Piece without = new Piece(
                        with.tempoBpm(),
                        with.meter(),
                        with.notes().stream().filter(part.negate()).toList());
                int others = without.notes().size();
                if (others >= LEAST_NOTES && with.notes().size() - others >= LEAST_NOTES) {
                    segments.add(new Segment(codes(with, random), true, (int) index));
                    segments.add(new Segment(codes(without, random), false, (int) index));
                    break;
                }
            }
        }
        return segments;
    }

    private List<Segment> withAndWithoutValue(Trait.Attribute trait, Split split) {
        List<Segment> segments = new ArrayList<>();
        int[] missing = {pairs(split), pairs(split)};
        LongFunction<Etude> source = source(split);
        for (long index = 0; missing[0] + missing[1] > 0; index++) {
            Etude etude = source.apply(index);
            boolean positive = trait.isIn(etude.truth());
            if (missing[positive ? 1 : 0] == 0) {
                continue;
            }
            RandomGenerator random = random(split, index);
            Piece window = window(etude.piece(), random);
            if (window.notes().size() >= LEAST_NOTES) {
                segments.add(new Segment(codes(window, random), positive, (int) index));
                missing[positive ? 1 : 0]--;
            }
        }
        return segments;
    }

    /** The notes that begin in a window from a random bar on, moved to the start. */
    private Piece window(Piece piece, RandomGenerator random) {
        int length = (int) Math.max(1, Math.round(settings.seconds() / piece.secondsPerTick()));
        int bar = piece.meter().ticksPerBar();
        int bars = Math.max(1, (piece.lengthTicks() - length) / bar + 1);
        int start = random.nextInt(bars) * bar;
        return new Piece(
                piece.tempoBpm(),
                piece.meter(),
                piece.notes().stream()
                        .filter(note -> note.onset() >= start && note.onset() < start + length)
                        .map(note -> new Note(
                                note.instrument(),
                                note.onset() - start,
                                note.duration(),
                                note.pitch(),
                                note.velocity()))
                        .toList());
    }

    private int[][] codes(Piece piece, RandomGenerator random) {
        if (codec instanceof SymbolicCodec symbolic) {
            int[][] codes = symbolic.encode(piece);
            int frames = codes[0].length - (symbolic.endCode().isPresent() ? 1 : 0);
            return cut(codes, Math.max(1, frames - random.nextInt(tail + 1)));
        }
        return codes(synthesiser.render(piece));
    }

    private int[][] codes(Waveform sound) {
        WaveformEncoder encoder = codec.encoder()
                .orElseThrow(() -> new IllegalArgumentException("the codec " + codec.name()
                        + " encodes neither notes nor sound, so there are no clips for it"));
        int[][] codes = encoder.encode(sound);
        return cut(codes, (int) Math.round(settings.seconds() * encoder.framesPerSecond()));
    }

    /** The first frames, as many as the model has positions for. */
    private int[][] cut(int[][] codes, int frames) {
        int kept = Math.min(Math.min(frames, codes[0].length), mostFrames);
        int[][] cut = new int[codes.length][];
        for (int k = 0; k < codes.length; k++) {
            cut[k] = Arrays.copyOf(codes[k], kept);
        }
        return cut;
    }

    // ---- folders

    private List<Segment> ofFiles(Trait.Folders trait, Split split) throws IOException {
        List<Segment> positives = ofFolder(trait.positives(), true, split, 0);
        List<Segment> negatives = ofFolder(trait.negatives(), false, split, 1);
        int count = Math.min(Math.min(positives.size(), negatives.size()), pairs(split));
        List<Segment> segments = new ArrayList<>(positives.subList(0, count));
        segments.addAll(negatives.subList(0, count));
        return segments;
    }

    /** Clips of the files of a split, one of each file in turn. */
    private List<Segment> ofFolder(Path folder, boolean positive, Split split, int side) throws IOException {
        List<Path> files = files(folder);
        List<List<Segment>> byFile = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (splitOf(i) == split) {
                byFile.add(ofFile(files.get(i), positive, 2 * i + side));
            }
        }
        List<Segment> segments = new ArrayList<>();
        for (int round = 0; round < MOST_PER_FILE; round++) {
            for (List<Segment> file : byFile) {
                if (round < file.size()) {
                    segments.add(file.get(round));
                }
            }
        }
        return segments;
    }

    private static Split splitOf(int file) {
        return switch (file % PARTS) {
            case 1 -> Split.SELECTION;
            case 3 -> Split.HELD_OUT;
            default -> Split.TRAINING;
        };
    }

    /** The files of a folder in an order that depends on their names alone. */
    private List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidFileException(folder, "is not a folder of MIDI or sound files");
        }
        boolean notes = codec instanceof SymbolicCodec;
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(file -> MidiFiles.isMidi(file) || (!notes && SoundFiles.isSound(file)))
                    .sorted()
                    .forEach(files::add);
        }
        if (files.size() < PARTS) {
            throw new InvalidFileException(
                    folder,
                    "holds " + files.size() + (notes ? " MIDI files" : " MIDI or sound files")
                            + ", but probes need at least " + PARTS + ": 3 to fit, 1 to select, 1 held out");
        }
        return List.copyOf(files);
    }

    private List<Segment> ofFile(Path file, boolean positive, int source) throws IOException {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, source);
        List<Segment> segments = new ArrayList<>();
        if (MidiFiles.isMidi(file)) {
            Piece piece = MidiFiles.read(file);
            int windows = (int) Math.min(MOST_PER_FILE, Math.max(1, piece.seconds() / settings.seconds()));
            for (int i = 0; i < windows; i++) {
                Piece window = window(piece, random);
                if (window.notes().size() >= LEAST_NOTES) {
                    segments.add(new Segment(codes(window, random), positive, source));
                }
            }
            return segments;
        }
        Waveform sound = SoundFiles.read(file);
        int length = (int) Math.round(settings.seconds() * sound.sampleRate());
        int windows = Math.min(MOST_PER_FILE, sound.samples().length / Math.max(1, length));
        for (int i = 0; i < windows; i++) {
            float[] samples = Arrays.copyOfRange(sound.samples(), i * length, (i + 1) * length);
            segments.add(new Segment(codes(new Waveform(samples, sound.sampleRate())), positive, source));
        }
        return segments;
    }
}
