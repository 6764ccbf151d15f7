package org.encore.preferences.comparisons;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.store.Ballot;
import org.encore.preferences.store.ClipFile;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.Session;

/** Imports the votes of a file into a database. */
public final class VoteImport {
    private final PreferenceStore store;
    private final Session session;
    private final Settings settings;
    private final Map<Path, Optional<String>> digests = new HashMap<>();
    private final Map<Path, String> relative = new HashMap<>();
    private final Set<String> made = new HashSet<>();
    private final Map<List<Object>, Long> pairs = new HashMap<>();
    private final Map<String, Long> raters = new HashMap<>();

    private final Set<String> ballots;

    private VoteImport(PreferenceStore store, Session session, Settings settings) throws IOException {
        this.ballots = store.ballots();
        this.store = store;
        this.session = session;
        this.settings = settings;
    }

    /**
     * Settings of an import.
     *
     * @param session name of the session for the pairs
     * @param filter selects votes; raters by their names in the file
     * @param clips reaction to a missing file of a clip
     */
    public record Settings(String session, VoteFilter filter, Clips clips) {}

    /** Reaction to a missing file of a clip. */
    public enum Clips {
        /** The import stops. */
        REQUIRED,
        /** The clip is recorded without its SHA-256. */
        OPTIONAL
    }

    /**
     * Numbers of imported and other votes of a file.
     *
     * @param added new votes
     * @param known votes that an earlier import has added
     * @param filtered votes that the filter left out
     */
    public record Result(int added, int known, int filtered) {
        /** The sum of two. */
        public Result plus(Result other) {
            return new Result(added + other.added, known + other.known, filtered + other.filtered);
        }
    }

    /**
     * Imports a file: all of it or, if a line is bad, nothing.
     *
     * @throws InvalidFileException if a line is malformed, or names a missing clip
     */
    public static Result run(PreferenceStore store, Path file, Settings settings) throws IOException {
        Result[] result = {new Result(0, 0, 0)};
        store.inOneTransaction(() -> {
            VoteImport transfer = new VoteImport(store, store.session(settings.session()), settings);
            VoteFiles.each(file, entry -> result[0] = result[0].plus(transfer.add(file, entry)));
        });
        return result[0];
    }

    private Result add(Path file, VoteFiles.Entry entry) throws IOException {
        Vote vote = entry.vote();
        if (!settings.filter().keeps(vote)) {
            return new Result(0, 0, 1);
        }
        String key = entry.ballot().isPresent() ? entry.ballot().get() : key(file, vote);
        if (!ballots.add(key)) {
            return new Result(0, 1, 0);
        }
        long pair = pair(vote.prompt(), clip(file, entry, vote.a()), clip(file, entry, vote.b()));
        Ballot.Opinion opinion = new Ballot.Opinion(
                vote.preferred(),
                vote.a().listenedSeconds(),
                vote.b().listenedSeconds(),
                entry.beside().shownFirst(),
                vote.a().rating(),
                vote.b().rating());
        store.recordNew(
                new Ballot(key, pair, rater(vote.rater()), opinion, vote.time()),
                entry.beside().comment());
        return new Result(1, 0, 0);
    }

    private long pair(String prompt, ClipFile a, ClipFile b) throws IOException {
        List<Object> names = List.of(prompt, a, b);
        Long known = pairs.get(names);
        if (known == null) {
            known = store.pair(session, prompt, a, b).id();
            pairs.put(names, known);
        }
        return known;
    }

    private long rater(String token) throws IOException {
        Long known = raters.get(token);
        if (known == null) {
            known = store.rater(token);
            raters.put(token, known);
        }
        return known;
    }

    private ClipFile clip(Path file, VoteFiles.Entry entry, RatedClip side) throws IOException {
        Path path = side.clip();
        if (path.toString().isEmpty()) {
            return new ClipFile(path, Optional.empty(), side.system());
        }
        Optional<String> digest = digests.get(path);
        if (digest == null) {
            digest = Files.isRegularFile(path) ? Optional.of(Manifest.sha256(path)) : Optional.empty();
            digests.put(path, digest);
        }
        if (digest.isEmpty() && settings.clips() == Clips.REQUIRED) {
            throw entry.invalid(
                    file,
                    "there is no file " + path
                            + "; paths are relative to the file of the votes, or import without clips");
        }
        return new ClipFile(path, digest, side.system());
    }

    /**
     * The key of a vote, the same in every import of the file, so that a second import recognises the votes of the
     * first.
     */
    private String key(Path file, Vote vote) {
        String content = String.join(
                "\u0000",
                vote.prompt(),
                described(file, vote.a()),
                described(file, vote.b()),
                vote.preferred().key(),
                vote.rater(),
                vote.time().map(Instant::toString).orElse(""));
        // A rater may give the same vote on the same pair twice, in two equal lines.
        int occurrence = 1;
        String key = "import " + Manifest.sha256(content + "\u0000" + occurrence);
        while (!made.add(key)) {
            occurrence++;
            key = "import " + Manifest.sha256(content + "\u0000" + occurrence);
        }
        return key;
    }

    private String described(Path file, RatedClip side) {
        String clip = side.clip().toString().isEmpty()
                ? ""
                : relative.computeIfAbsent(side.clip(), path -> file.toAbsolutePath()
                        .normalize()
                        .getParent()
                        .relativize(path.toAbsolutePath().normalize())
                        .toString());
        return clip + "\u0000" + side.system() + "\u0000" + side.listenedSeconds()
                + (side.rating().isPresent() ? "\u0000" + side.rating() : "");
    }
}
