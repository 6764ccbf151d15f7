package org.encore.preferences.comparisons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.comparisons.VoteFiles.Entry;
import org.junit.jupiter.api.Test;

final class VoteSplitTest {
    private static final Path SOURCE = Path.of("votes.jsonl");

    private static Entry vote(String prompt, String a, String b) {
        return Entry.of(new Vote(
                prompt, RatedClip.of(Path.of(a)), RatedClip.of(Path.of(b)), Preference.A, "r", Optional.empty()));
    }

    private static Set<String> names(List<Entry> votes) {
        Set<String> names = new HashSet<>();
        for (Entry entry : votes) {
            names.add(entry.vote().prompt().toLowerCase(java.util.Locale.ROOT));
            names.add(entry.vote().a().clip().toString());
            names.add(entry.vote().b().clip().toString());
        }
        return names;
    }

    private static Set<String> prompts(List<Entry> votes) {
        Set<String> prompts = new HashSet<>();
        votes.forEach(entry -> prompts.add(entry.vote().prompt()));
        return prompts;
    }

    /** 50 prompts with 4 votes each; prompts 0 and 1 share a clip, and prompt 2 is written in two ways. */
    @Test
    void theSidesShareNothing() {
        List<Entry> votes = new ArrayList<>();
        for (int prompt = 0; prompt < 50; prompt++) {
            for (int i = 0; i < 4; i++) {
                String text = prompt == 2 && i == 0 ? "PROMPT 2" : "prompt " + prompt;
                votes.add(vote(text, prompt + "-" + i + ".mid", prompt == 1 ? "0-0.mid" : prompt + "-9.mid"));
            }
        }
        VoteSplit split = VoteSplit.of(SOURCE, votes, 0.2);
        assertEquals(49, split.groups());
        assertEquals(200, split.train().size() + split.heldOut().size());
        assertEquals(40, split.heldOut().size(), 4);
        assertTrue(Collections.disjoint(names(split.train()), names(split.heldOut())));
        Collections.reverse(votes);
        VoteSplit again = VoteSplit.of(SOURCE, votes, 0.2);
        assertEquals(new HashSet<>(split.heldOut()), new HashSet<>(again.heldOut()), "the order does not matter");
        List<Entry> elsewhere = votes.stream()
                .map(entry -> vote(
                        entry.vote().prompt(),
                        "other/" + entry.vote().a().clip(),
                        "other/" + entry.vote().b().clip()))
                .toList();
        assertEquals(
                prompts(split.heldOut()),
                prompts(VoteSplit.of(SOURCE, elsewhere, 0.2).heldOut()));
    }

    @Test
    void bothSidesHaveVotesHoweverSmallTheShare() {
        List<Entry> votes = List.of(vote("one", "1", "2"), vote("two", "3", "4"));
        for (double share : new double[] {0.01, 0.5, 0.99}) {
            VoteSplit split = VoteSplit.of(SOURCE, votes, share);
            assertEquals(1, split.train().size());
            assertEquals(1, split.heldOut().size());
        }
    }

    @Test
    void whatHangsTogetherCannotBeSplit() {
        List<Entry> chain = List.of(vote("", "1", "2"), vote("", "2", "3"), vote("", "3", "4"));
        InvalidFileException refused = assertThrows(InvalidFileException.class, () -> VoteSplit.of(SOURCE, chain, 0.5));
        assertTrue(refused.getMessage().contains("hang together"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> VoteSplit.of(SOURCE, chain, 1.0));
    }
}
