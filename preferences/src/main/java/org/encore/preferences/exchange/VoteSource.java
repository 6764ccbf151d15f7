package org.encore.preferences.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.StoredVote;

/** Reads votes from wherever they are: a database of judgements, or a file of lines. */
public final class VoteSource {
    private static final byte[] SQLITE = "SQLite format 3\u0000".getBytes(StandardCharsets.US_ASCII);

    private VoteSource() {}

    /** Whether a file is a database, by its first bytes. */
    public static boolean isDatabase(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(SQLITE, in.readNBytes(SQLITE.length));
        }
    }

    /**
     * The votes that count.
     *
     * @param filter raters by the names they have in a file; for a database by their tokens or pseudonyms
     */
    public static List<VoteFiles.Line> read(Path source, VoteFilter filter) throws IOException {
        if (!isDatabase(source)) {
            return kept(VoteFiles.read(source), filter);
        }
        try (PreferenceStore store = PreferenceStore.open(source, Clock.systemUTC())) {
            List<VoteFiles.Line> lines = new ArrayList<>();
            for (StoredVote each : store.votes()) {
                lines.add(new VoteFiles.Line(lines.size() + 1, Optional.of(each.ballot()), each.vote()));
            }
            Set<String> raters = new HashSet<>(filter.raters());
            filter.raters().forEach(token -> raters.add(store.pseudonym(token)));
            return kept(lines, new VoteFilter(filter.bothHeard(), filter.atLeastSeconds(), raters));
        }
    }

    private static List<VoteFiles.Line> kept(List<VoteFiles.Line> lines, VoteFilter filter) {
        return lines.stream().filter(line -> filter.keeps(line.vote())).toList();
    }
}
