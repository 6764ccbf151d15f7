package org.encore.music.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.PieceAnalyser;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;

/**
 * Windows cut from the MIDI files below a folder, with the captions of {@code captions.csv} or {@code captions.jsonl}
 * beside them, or derived by analysis.
 *
 * <p>A window starts at a random bar with an onset and is as long as the limits allow. About one file in ten, by hash of its name, is held out, at least one and not all; training windows are transposed by -5 to 6 semitones.
 * All readable files stay in memory; the others are logged, one line each, and counted.
 */
public final class MidiFolderCorpus implements Corpus {
    private static final Logger LOG = LogManager.getLogger(MidiFolderCorpus.class);
    private static final int LOWEST_TRANSPOSITION = -5;
    private static final int TRANSPOSITIONS = 12;

    /** The split of an item. */
    private enum Half {
        TRAINING(0),
        HELD_OUT(1);

        /** Index of its random streams. */
        private final int stream;

        Half(int stream) {
            this.stream = stream;
        }
    }

    /**
     * How to use the folder.
     *
     * @param seed decides windows, transpositions and derived captions
     * @param maxCodes the most codes a window may have, at least 16
     * @param maxSeconds the longest window, positive; 20 is the longest étude
     * @param heldOutPerCent share of files kept from training, in [1, 90]
     */
    public record Settings(long seed, int maxCodes, double maxSeconds, int heldOutPerCent) {
        public Settings {
            if (maxCodes < 16) {
                throw new IllegalArgumentException("maxCodes is " + maxCodes + ", but must be at least 16");
            }
            if (!(maxSeconds > 0.0)) {
                throw new IllegalArgumentException("maxSeconds is " + maxSeconds + ", but must be positive");
            }
            if (heldOutPerCent < 1 || heldOutPerCent > 90) {
                throw new IllegalArgumentException("heldOutPerCent is " + heldOutPerCent + ", but must lie in [1, 90]");
            }
        }

        /** Windows like the études: at most 256 codes and 20 seconds; one file in ten held out. */
        public static Settings standard(long seed) {
            return new Settings(seed, 256, 20.0, 10);
        }
    }

    private final Settings settings;
    private final RandomStreams streams;
    private final Song.Limits limits;
    private final CaptionTable captions;
    private final Describer describer = new Describer();
    private final List<Song> training = new ArrayList<>();
    private final List<Song> allHeldOut = new ArrayList<>();
    private final List<Song> heldOut;
    private final String fingerprint;
    private int skipped;

    /**
     * Reads a folder.
     *
     * @param codec the codec that counts the codes of windows
     * @throws InvalidFileException if it is no folder, holds fewer than two usable files or a faulty table of captions
     * @throws IOException if reading fails
     */
    public MidiFolderCorpus(Path folder, SymbolicCodec codec, Settings settings) throws IOException {
        this.settings = settings;
        this.streams = new RandomStreams(settings.seed());
        this.limits =
                new Song.Limits(settings.maxCodes(), settings.maxSeconds(), window -> codec.encode(window)[0].length);
        if (!Files.isDirectory(folder)) {
            throw new InvalidFileException(folder, "is not a folder, but must be one with MIDI files in it");
        }
        this.captions = CaptionTable.of(folder);
        List<Path> files = midiFiles(folder);
        captions.requireOnly(files.stream().map(file -> name(folder, file)).toList());
        Digest digest = new Digest().add(settings.toString());
        List<Song> songs = new ArrayList<>();
        for (Path file : files) {
            read(folder, file, songs, digest);
        }
        if (songs.size() < 2) {
            throw new InvalidFileException(
                    folder,
                    "holds " + songs.size() + " usable MIDI files (.mid, .midi, .rmi), but needs at least 2 (skipped: "
                            + skipped + "); add files");
        }
        split(songs);
        this.heldOut = of(allHeldOut, Split.DEVELOPMENT);
        this.fingerprint = "midi-" + digest.hex();
    }

    private MidiFolderCorpus(MidiFolderCorpus all, Split split) {
        this.settings = all.settings;
        this.streams = all.streams;
        this.limits = all.limits;
        this.captions = all.captions;
        this.training.addAll(all.training);
        this.allHeldOut.addAll(all.allHeldOut);
        this.heldOut = of(allHeldOut, split);
        this.fingerprint = all.fingerprint;
        this.skipped = all.skipped;
    }

    private static List<Song> of(List<Song> heldOut, Split split) {
        Set<String> names = split.of(heldOut.stream().map(Song::name).toList());
        return heldOut.stream().filter(song -> names.contains(song.name())).toList();
    }

    /** About half of the held-out songs each. */
    @Override
    public Corpus on(Split split) {
        return new MidiFolderCorpus(this, split);
    }

    @Override
    public CaptionedPiece train(long index) {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, Half.TRAINING.stream, index);
        Song song = training.get(random.nextInt(training.size()));
        Piece window = window(song, random);
        Piece moved = transposed(window, LOWEST_TRANSPOSITION + random.nextInt(TRANSPOSITIONS));
        return new CaptionedPiece(caption(song, moved, Half.TRAINING, index), moved);
    }

    @Override
    public List<CaptionedPiece> heldOut(int count) {
        return IntStream.range(0, heldOut.isEmpty() ? 0 : count)
                .mapToObj(this::heldOutItem)
                .toList();
    }

    @Override
    public Prompt trainPrompt(long index) {
        return train(index).prompt();
    }

    @Override
    public List<Prompt> heldOutPrompts(int count) {
        return heldOut(count).stream().map(CaptionedPiece::prompt).toList();
    }

    @Override
    public String heldOutSource(int index) {
        return heldOut.get(index % heldOut.size()).name();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** How many MIDI files could not be used. */
    public int skipped() {
        return skipped;
    }

    /** Names of the files that training never sees, relative to the folder. */
    public List<String> heldOutFiles() {
        return allHeldOut.stream().map(Song::name).toList();
    }

    private CaptionedPiece heldOutItem(int index) {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, Half.HELD_OUT.stream, index);
        Song song = heldOut.get(index % heldOut.size());
        Piece window = window(song, random);
        return new CaptionedPiece(caption(song, window, Half.HELD_OUT, index), window);
    }

    private Piece window(Song song, RandomGenerator random) {
        return song.window(song.starts().get(random.nextInt(song.starts().size())), limits);
    }

    private Prompt caption(Song song, Piece window, Half half, long index) {
        RandomGenerator random = streams.stream(Purpose.CAPTION, half.stream, index);
        List<String> given = captions.of(song.name());
        if (!given.isEmpty()) {
            return new Prompt(given.get(random.nextInt(given.size())), Attributes.NONE);
        }
        return describer.describe(window, random).orElseGet(() -> new Prompt("A piece of music.", Attributes.NONE));
    }

    private void read(Path folder, Path file, List<Song> songs, Digest digest) throws IOException {
        String name = name(folder, file);
        try {
            Song song = Song.of(name, MidiFiles.read(file), limits);
            if (song.starts().isEmpty()) {
                throw new InvalidFileException(file, "has no bar that fits the limits of " + settings);
            }
            songs.add(song);
            digest.add(name).add(Files.readAllBytes(file)).add(captions.of(name).toString());
        } catch (InvalidFileException | IllegalArgumentException e) {
            LOG.warn("skipped {}", e.getMessage());
            skipped++;
        }
    }

    private void split(List<Song> songs) {
        List<Song> byHash = new ArrayList<>(songs);
        byHash.sort(Comparator.comparingInt((Song song) -> hash(song)).thenComparing(Song::name));
        int count = (int) songs.stream()
                .filter(song -> hash(song) < settings.heldOutPerCent())
                .count();
        List<Song> lowest = byHash.subList(0, Math.max(1, Math.min(songs.size() - 1, count)));
        for (Song song : songs) {
            (lowest.contains(song) ? allHeldOut : training).add(song);
        }
    }

    private static int hash(Song song) {
        return new Digest().add(song.name()).perCent();
    }

    private static Piece transposed(Piece piece, int semitones) {
        List<Note> notes = new ArrayList<>();
        for (Note note : piece.notes()) {
            int pitch = note.pitch() + (note.instrument().isDrums() ? 0 : semitones);
            if (pitch < 0 || pitch > 127) {
                return piece;
            }
            notes.add(new Note(note.instrument(), note.onset(), note.duration(), pitch, note.velocity()));
        }
        return new Piece(piece.tempoBpm(), piece.meter(), notes);
    }

    private static List<Path> midiFiles(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(MidiFolderCorpus::isMidi)
                    .sorted(Comparator.comparing(path -> name(folder, path)))
                    .toList();
        }
    }

    private static boolean isMidi(Path path) {
        return Files.isRegularFile(path) && MidiFiles.isMidi(path);
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /**
     * Derives captions by analysis; instruments get the nearest name that captions have.
     *
     * <p>A style is named only if its characteristic rhythm scores at least 0.9. Chorale and techno have none, so much other music resembles them: they are never named.
     */
    public static final class Describer {
        private static final double CLEAR = 0.9;

        private final CaptionWriter captions = new CaptionWriter();

        /**
         * Describes a piece by its analysed attributes.
         *
         * @param piece any piece
         * @param random chooses what to mention and how to say it
         * @return a caption in training wordings; empty if no attribute was found
         */
        public Optional<Prompt> describe(Piece piece, RandomGenerator random) {
            PieceAnalyser analyser = new PieceAnalyser(piece);
            Attributes found = analyser.attributes();
            Optional<Style> style = found.style()
                    .filter(value -> value != Style.CHORALE && value != Style.TECHNO)
                    .filter(value -> analyser.score(value) >= CLEAR);
            if (style.isEmpty()) {
                found = found.only(EnumSet.complementOf(EnumSet.of(Aspect.STYLE)));
            }
            return found.mentioned().isEmpty()
                    ? Optional.empty()
                    : Optional.of(captions.write(found, Wording.TRAINING, random));
        }
    }

    /**
     * A MIDI file's music, from which windows of whole bars are cut.
     *
     * @param name path below the folder, separated by {@code /}
     * @param piece the whole piece, quantised
     * @param starts the bars at which a window may start: bars with an onset, of which one fits the limits
     */
    record Song(String name, Piece piece, List<Integer> starts) {
        /** Limits of a window. */
        record Limits(int maxCodes, double maxSeconds, ToIntFunction<Piece> codes) {
            boolean allow(Piece window) {
                return window.seconds() <= maxSeconds && codes.applyAsInt(window) <= maxCodes;
            }
        }

        /** Finds the bars at which windows may start. */
        static Song of(String name, Piece raw, Limits limits) {
            Piece piece = NoteLanguage.quantised(raw);
            Song whole = new Song(name, piece, List.of());
            List<Integer> starts = new ArrayList<>();
            for (int bar = 0; bar < whole.bars(); bar++) {
                Piece window = whole.bars(bar, 1);
                if (!window.notes().isEmpty() && limits.allow(window)) {
                    starts.add(bar);
                }
            }
            return new Song(name, piece, List.copyOf(starts));
        }

        /** The longest window from a bar that the limits allow; at least that bar. */
        Piece window(int start, Limits limits) {
            Piece window = bars(start, 1);
            for (int count = 2; start + count <= bars(); count++) {
                Piece longer = bars(start, count);
                if (!limits.allow(longer)) {
                    return window;
                }
                window = longer;
            }
            return window;
        }

        /** Notes that begin in these bars, cut where the bars end; bar {@code start} becomes bar 0. */
        private Piece bars(int start, int count) {
            int from = start * piece.meter().ticksPerBar();
            int to = from + count * piece.meter().ticksPerBar();
            List<Note> notes = new ArrayList<>();
            for (int i = firstFrom(from);
                    i < piece.notes().size() && piece.notes().get(i).onset() < to;
                    i++) {
                Note note = piece.notes().get(i);
                int duration = Math.min(note.duration(), to - note.onset());
                notes.add(new Note(note.instrument(), note.onset() - from, duration, note.pitch(), note.velocity()));
            }
            return new Piece(piece.tempoBpm(), piece.meter(), notes);
        }

        private int bars() {
            int last = piece.notes().isEmpty()
                    ? -1
                    : piece.notes().get(piece.notes().size() - 1).onset();
            return last < 0 ? 0 : last / piece.meter().ticksPerBar() + 1;
        }

        /** Index of the first note that begins at or after a tick. */
        private int firstFrom(int tick) {
            int low = 0;
            int high = piece.notes().size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (piece.notes().get(middle).onset() < tick) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
