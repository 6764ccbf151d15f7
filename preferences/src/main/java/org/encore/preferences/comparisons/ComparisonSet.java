package org.encore.preferences.comparisons;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.VoteFilter;
import org.encore.rewards.preference.ClipReading;
import org.encore.statistics.BradleyTerry;

/**
 * Votes with their clips, each clip read once.
 *
 * @param clips the different clips with their captions
 * @param comparisons the votes, without skips and votes on a clip and itself
 */
public record ComparisonSet(List<Clip> clips, List<Comparison> comparisons) {
    /**
     * A clip with its caption.
     *
     * @param file the file of the clip
     * @param prompt the caption
     * @param notes the notes, of a MIDI file, or of one with the same name beside a file of sound
     */
    public record Clip(Path file, String prompt, Optional<Piece> notes) implements ClipReading.Source {
        /** A clip of notes. */
        public static Clip of(Path file, String prompt, Piece piece) {
            return new Clip(file, prompt, Optional.of(piece));
        }

        /** Its length. */
        public double seconds() {
            return notes.isPresent() ? notes.get().seconds() : waveform().seconds();
        }

        @Override
        public Piece piece() {
            return notes.orElseThrow(() -> new InvalidFileException(
                    file,
                    "is sound, but the model reads notes: put " + stem(file)
                            + ".mid beside it, or name the MIDI file in the votes"));
        }

        @Override
        public Waveform waveform() {
            if (!SoundFiles.isSound(file)) {
                throw new InvalidFileException(
                        file, "holds notes, but the model hears sound: name the file of sound in the votes");
            }
            try {
                return SoundFiles.readWithChannels(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public ComparisonSet {
        clips = List.copyOf(clips);
        comparisons = List.copyOf(comparisons);
    }

    /**
     * Reads votes from a file or a database, and the notes of their clips: from MIDI files, or from MIDI files with the
     * same name beside files of sound. Sound itself is read when it is asked for.
     *
     * @throws InvalidFileException if a line is malformed or a file is missing
     */
    public static ComparisonSet read(Path source, VoteFilter filter) throws IOException {
        Map<List<String>, Integer> numbers = new LinkedHashMap<>();
        List<Clip> clips = new ArrayList<>();
        List<Comparison> comparisons = new ArrayList<>();
        for (VoteFiles.Entry entry : VoteFiles.read(source, filter)) {
            Vote vote = entry.vote();
            if (vote.preferred() != Preference.SKIP && !vote.isOfOneClip()) {
                int[] sides = new int[2];
                for (int i = 0; i < 2; i++) {
                    RatedClip side = i == 0 ? vote.a() : vote.b();
                    List<String> key = List.of(side.clip().toString(), vote.prompt());
                    if (!numbers.containsKey(key)) {
                        numbers.put(key, clips.size());
                        clips.add(new Clip(side.clip(), vote.prompt(), notes(source, entry, side.clip())));
                    }
                    sides[i] = numbers.get(key);
                }
                comparisons.add(
                        new Comparison(sides[0], sides[1], vote.preferred().outcome(), vote.rater()));
            }
        }
        if (comparisons.isEmpty()) {
            throw new InvalidFileException(source, "holds no vote that the filters keep");
        }
        return new ComparisonSet(clips, comparisons);
    }

    /**
     * The likelihood of votes, with the tie parameter at which pairs of margin 0 tie as often as all votes do.
     *
     * @throws IllegalArgumentException if all votes are ties
     */
    public BradleyTerry likelihood() {
        long strict = comparisons.stream().filter(Comparison::isStrict).count();
        return BradleyTerry.ofCounts(strict, comparisons.size() - strict);
    }

    /** The strict comparisons. */
    public List<Comparison> strict() {
        return comparisons.stream().filter(Comparison::isStrict).toList();
    }

    /**
     * Checks that votes share neither clips nor captions with others, which would measure memory.
     *
     * @param heldOut the other votes
     * @throws IllegalArgumentException if they share some
     */
    public void requireApartFrom(ComparisonSet heldOut) {
        Set<Path> files = clips.stream().map(clip -> plain(clip.file())).collect(Collectors.toSet());
        Set<String> prompts = clips.stream().map(clip -> plain(clip.prompt())).collect(Collectors.toSet());
        Set<Path> sharedFiles = new TreeSet<>();
        Set<String> sharedPrompts = new TreeSet<>();
        for (Clip clip : heldOut.clips) {
            if (files.contains(plain(clip.file()))) {
                sharedFiles.add(clip.file());
            }
            if (!clip.prompt().isBlank() && prompts.contains(plain(clip.prompt()))) {
                sharedPrompts.add(clip.prompt());
            }
        }
        if (!sharedFiles.isEmpty() || !sharedPrompts.isEmpty()) {
            throw new IllegalArgumentException("pairs.heldOut shares " + sharedFiles.size() + " clips and "
                    + sharedPrompts.size() + " prompts with pairs.train (such as "
                    + (sharedPrompts.isEmpty()
                            ? sharedFiles.iterator().next()
                            : "\"" + sharedPrompts.iterator().next() + "\"")
                    + "), so a model would be measured on what it has learned by heart; deal the votes with ./encore"
                    + " preferences split");
        }
    }

    private static Path plain(Path file) {
        return file.toAbsolutePath().normalize();
    }

    private static String plain(String prompt) {
        return prompt.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** The notes of the file itself, or of the MIDI file with the same name beside a sound file. */
    private static Optional<Piece> notes(Path source, VoteFiles.Entry entry, Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            String name = file.toString().isEmpty() ? "a clip that is not named" : file.toString();
            throw entry.invalid(source, "there is no file " + name + "; paths are relative to the file of the votes");
        }
        if (!SoundFiles.isSound(file)) {
            return Optional.of(MidiFiles.readClip(file));
        }
        for (String ending : List.of(".mid", ".midi")) {
            Path beside = file.resolveSibling(stem(file) + ending);
            if (Files.isRegularFile(beside)) {
                return Optional.of(MidiFiles.readClip(beside));
            }
        }
        return Optional.empty();
    }

    /** The name of a file without its ending. */
    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    /**
     * One vote on two numbered clips.
     *
     * @param a number of clip a
     * @param b number of clip b
     * @param outcome 1 if a was preferred, -1 if b, 0 for a tie
     * @param rater pseudonym of the rater
     */
    public record Comparison(int a, int b, int outcome, String rater) {
        /** Whether one clip was preferred. */
        public boolean isStrict() {
            return outcome != 0;
        }
    }
}
