package org.encore.preferences.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.preferences.Vote;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.comparisons.VoteImport;
import org.encore.preferences.statistics.VoteReport.Grouping;
import org.encore.preferences.store.PreferenceStore;
import org.encore.statistics.BradleyTerry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Import and analysis of many votes; writes the time they take to {@code target/vote-scale.txt}. {@code
 * -Dencore.votes=300000} measures the size of the paper's data set.
 */
class VoteScaleTest {
    private static final int VOTES = Integer.getInteger("encore.votes", 20_000);

    @TempDir
    private Path directory;

    /** 300 raters, 600 prompts with eight clips each of four systems, whose strengths are normal. */
    private Path votes() throws IOException {
        RandomGenerator random = new RandomStreams(1).stream(Purpose.RATING);
        double[] strengths =
                IntStream.range(0, 4800).mapToDouble(i -> random.nextGaussian()).toArray();
        Iterable<String> lines = () -> IntStream.range(0, VOTES)
                .mapToObj(i -> {
                    int prompt = random.nextInt(600);
                    int a = 8 * prompt + random.nextInt(8);
                    int b = 8 * prompt + (a % 8 + 1 + random.nextInt(7)) % 8;
                    boolean won = random.nextDouble() < BradleyTerry.logistic(strengths[a] - strengths[b]);
                    String preferred = random.nextInt(10) == 0 ? "tie" : won ? "a" : "b";
                    return String.format(
                            Locale.ROOT,
                            "{\"prompt\": \"caption %d\", \"a\": \"clips/%d.mid\", \"b\": \"clips/%d.mid\", \"preferred\":"
                                    + " \"%s\", \"rater\": \"r%d\", \"listened_a_s\": 12.5, \"listened_b_s\": 20.0,"
                                    + " \"system_a\": \"s%d\", \"system_b\": \"s%d\"}",
                            prompt,
                            a,
                            b,
                            preferred,
                            random.nextInt(300),
                            a % 4,
                            b % 4);
                })
                .iterator();
        return Files.write(directory.resolve("votes.jsonl"), lines);
    }

    @Test
    void theCeilingOfManyVotesIsRight() throws IOException {
        Path file = votes();
        Path database = directory.resolve("votes.db");
        long start = System.nanoTime();
        VoteImport.Settings settings =
                new VoteImport.Settings("imported", VoteFilter.none(), VoteImport.Clips.OPTIONAL);
        try (PreferenceStore store = PreferenceStore.openOrCreate(database, Clock.systemUTC())) {
            assertEquals(new VoteImport.Result(VOTES, 0, 0), VoteImport.run(store, file, settings));
        }
        double imported = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        List<Vote> votes = VoteFiles.read(database, VoteFilter.none()).stream()
                .map(VoteFiles.Entry::vote)
                .toList();
        VoteReport report = VoteReport.of(votes, new VoteReport.Settings(Contest.By.SYSTEM, Grouping.BOTH, 1000, 0));
        double analysed = (System.nanoTime() - start) / 1e9;
        String line =
                String.format(Locale.ROOT, "%d votes: import %.1f s, agreement %.1f s%n", VOTES, imported, analysed);
        Files.writeString(Path.of("target", "vote-scale.txt"), line);
        // Strengths of deviation 1: 0.725 is true.
        assertEquals(0.725, report.ceiling().orElseThrow().value(), 0.02);
    }
}
