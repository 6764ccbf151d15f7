package org.encore.preferences.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.encore.music.Instrument;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.text.Prompt;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.preferences.statistics.JudgementMatrix.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Judges prefer what follows the prompt and sounds well, disagree as people do, and their table is that of the votes. */
class JudgesTest {
    private static final int PROMPTS = 101;
    private static final Judges.Settings SETTINGS = Judges.Settings.defaults();

    private static final List<CaptionedPiece> ITEMS = items();

    private static List<CaptionedPiece> items() {
        Corpus corpus = new EtudeCorpus(1);
        return corpus.heldOut(2 * PROMPTS);
    }

    private static List<Prompt> prompts() {
        return ITEMS.subList(0, PROMPTS).stream().map(CaptionedPiece::prompt).toList();
    }

    /** The piece of the prompt. */
    private static List<Piece> right() {
        return ITEMS.subList(0, PROMPTS).stream().map(CaptionedPiece::piece).toList();
    }

    /** Good music, but of other prompts. */
    private static List<Piece> wrong() {
        return ITEMS.subList(PROMPTS, 2 * PROMPTS).stream()
                .map(CaptionedPiece::piece)
                .toList();
    }

    /** Minor seconds, whatever was asked for. */
    private static List<Piece> harsh() {
        List<Note> notes = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            notes.add(new Note(new Instrument(0), 12 * i, 12, 60, 80));
            notes.add(new Note(new Instrument(0), 12 * i, 12, 61, 80));
        }
        Piece piece = new Piece(120, ITEMS.get(0).piece().meter(), notes);
        return IntStream.range(0, PROMPTS).mapToObj(i -> piece).toList();
    }

    private static Map<String, List<Piece>> clips(List<Piece> base, List<Piece> other) {
        Map<String, List<Piece>> clips = new LinkedHashMap<>();
        clips.put("base", base);
        clips.put("a-tuned", other);
        return clips;
    }

    private static Pair pair(Judges.Settings settings, Map<String, List<Piece>> clips) {
        List<Vote> votes = new Judges(settings).votes(prompts(), clips, Optional.empty());
        assertEquals(settings.perPair() * PROMPTS, votes.size());
        JudgementMatrix matrix = JudgementMatrix.of(votes, List.of("base"));
        assertEquals(List.of("base", "a-tuned"), matrix.models());
        return matrix.pairs().get(0);
    }

    @Test
    void betterMusicWinsAndTheMatrixIsFromItsView() {
        Pair pair = pair(SETTINGS, clips(wrong(), right()));
        assertEquals("a-tuned", pair.a());
        assertEquals("base", pair.b());
        assertEquals(303, pair.judgements());
        assertTrue(pair.rate().value() > 0.7, pair::toString);
        assertTrue(pair.isWon(), pair::toString);
        assertEquals(
                pair.win() / (double) (pair.win() + pair.loss()), pair.rate().value(), 1e-12);
        Pair turned = pair(SETTINGS, clips(right(), harsh()));
        assertTrue(turned.rate().value() < 0.2, turned::toString);
        assertTrue(turned.difference().value() < 0.0, turned::toString);
    }

    @Test
    void equalMusicIsEvenAndTiesOften() {
        int alarms = 0;
        int wins = 0;
        int losses = 0;
        for (int seed = 0; seed < 20; seed++) {
            Judges.Settings drawn = new Judges.Settings(seed, 3, SETTINGS.population(), 1.0, 2.0, 0.3);
            Pair pair = pair(drawn, clips(right(), right()));
            alarms += pair.corrected() < 0.05 ? 1 : 0;
            wins += pair.win();
            losses += pair.loss();
            double ties = pair.tie() / 303.0;
            assertTrue(ties > 0.3 && ties < 0.6, pair::toString);
        }
        assertTrue(alarms <= 4, "false alarms at 5 %: " + alarms + " of 20");
        assertEquals(0.5, wins / (double) (wins + losses), 0.03);
    }

    @Test
    void ratingsAreWholePointsOfDifferentJudges() {
        List<Vote> votes = new Judges(SETTINGS).votes(prompts(), clips(wrong(), right()), Optional.empty());
        for (Vote vote : votes) {
            double rating = vote.a().rating().orElseThrow();
            assertTrue(rating == Math.rint(rating) && rating >= 1.0 && rating <= 5.0, vote::toString);
        }
        Map<String, List<String>> raters = votes.stream()
                .collect(Collectors.groupingBy(Vote::prompt, Collectors.mapping(Vote::rater, Collectors.toList())));
        raters.values()
                .forEach(each ->
                        assertEquals(each.size(), each.stream().distinct().count()));
        assertTrue(votes.stream().map(Vote::rater).distinct().count() > 50);
        assertEquals(votes, new Judges(SETTINGS).votes(prompts(), clips(wrong(), right()), Optional.empty()));
        Judges.Settings other = new Judges.Settings(8, 3, SETTINGS.population(), 1.0, 2.0, 0.3);
        assertNotEquals(votes, new Judges(other).votes(prompts(), clips(wrong(), right()), Optional.empty()));
    }

    @Test
    void aSystemsClipsAreRatedAlikeWhoeverElseIsThere() {
        // The noise of a hearing is fresh in each pair, but the scale is the first system's, so that scores stay
        // comparable.
        Map<String, List<Piece>> three = clips(wrong(), right());
        three.put("harsh", harsh());
        List<Vote> votes = new Judges(SETTINGS).votes(prompts(), three, Optional.empty());
        JudgementMatrix all = JudgementMatrix.of(votes, List.of("base", "a-tuned", "harsh"));
        assertEquals(3, all.pairs().size());
        assertEquals(3.0, all.scores().get("base").value(), 0.4);
        assertTrue(all.scores().get("harsh").value() < 2.2, all.scores()::toString);
        assertEquals(
                all.wins().values().stream().mapToInt(Integer::intValue).sum(),
                all.pairs().stream().mapToInt(pair -> pair.win() + pair.loss()).sum());
    }

    @Test
    void votesWithoutRatingsGiveTheSameTable(@TempDir Path directory) throws IOException {
        List<Vote> rated = new Judges(SETTINGS).votes(prompts(), clips(wrong(), right()), Optional.empty());
        List<Vote> plain = rated.stream()
                .map(vote -> new Vote(
                        vote.prompt(),
                        new Vote.RatedClip(
                                vote.a().clip(), vote.a().system(), vote.a().listenedSeconds()),
                        new Vote.RatedClip(
                                vote.b().clip(), vote.b().system(), vote.b().listenedSeconds()),
                        vote.preferred() == Preference.TIE ? Preference.BOTH_BAD : vote.preferred(),
                        vote.rater(),
                        vote.time()))
                .toList();
        Pair before = JudgementMatrix.of(rated, List.of("base")).pairs().get(0);
        JudgementMatrix matrix = JudgementMatrix.of(plain, List.of("base"));
        Pair after = matrix.pairs().get(0);
        assertTrue(matrix.scores().isEmpty());
        assertEquals(
                List.of(before.win(), before.tie(), before.loss()), List.of(after.win(), after.tie(), after.loss()));
        assertTrue(after.isWon());
        Path file = directory.resolve("votes.jsonl");
        VoteFiles.write(file, rated.stream().map(VoteFiles.Entry::of).toList());
        List<Vote> read =
                VoteFiles.read(file).stream().map(VoteFiles.Entry::vote).toList();
        assertEquals(
                JudgementMatrix.of(rated, List.of("base")).facts(),
                JudgementMatrix.of(read, List.of("base")).facts());
    }

    @Test
    void thereMustBeEnoughJudges() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Judges.Settings(
                        1, 3, new Population.Settings(2, List.of(1.0, 1.0, 0.6, 0.4, 0.4), 0.3), 1, 2, 0));
    }
}
