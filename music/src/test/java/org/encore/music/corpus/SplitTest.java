package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.encore.music.text.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitTest {
    @Test
    void theSplitsShareNothingAndHaveHalfEach() {
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "song " + i).toList();
        Set<String> development = Split.DEVELOPMENT.of(names);
        Set<String> test = Split.TEST.of(names);
        assertEquals(1000, development.size() + test.size());
        Set<String> both = new HashSet<>(development);
        both.addAll(test);
        assertEquals(new HashSet<>(names), both);
        assertTrue(test.size() > 440 && test.size() < 560, "the test has " + test.size());
        assertTrue(test.containsAll(Split.TEST.of(names.subList(0, 600))), "new items move none");
    }

    @Test
    void twoItemsAreOneEachAndASingleOneIsForDevelopment() {
        for (int i = 0; i < 50; i++) {
            assertEquals(1, Split.DEVELOPMENT.of(List.of("a" + i, "b" + i)).size());
            assertEquals(1, Split.TEST.of(List.of("a" + i, "b" + i)).size());
            assertEquals(Set.of("a" + i), Split.DEVELOPMENT.of(List.of("a" + i)));
            assertEquals(Set.of(), Split.TEST.of(List.of("a" + i)));
        }
    }

    @Test
    void promptsOfTheSplitsAndOfTrainingAreDifferent(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("prompts.txt");
        Files.write(
                file, IntStream.range(0, 200).mapToObj(i -> "A waltz in " + i).toList());
        Corpus corpus = new PromptCorpus(file, new PromptCorpus.Settings(1, 30, Optional.empty()));
        List<String> development = texts(corpus.heldOutPrompts(200));
        List<String> test = texts(corpus.on(Split.TEST).heldOutPrompts(200));
        assertEquals(
                development, texts(corpus.on(Split.TEST).on(Split.DEVELOPMENT).heldOutPrompts(200)));
        List<String> training = new ArrayList<>();
        for (int i = 0; i < 200 - development.size() - test.size(); i++) {
            training.add(corpus.trainPrompt(i).text());
        }
        assertTrue(development.size() > 10 && test.size() > 10, development.size() + " and " + test.size());
        Set<String> all = new HashSet<>(development);
        all.addAll(test);
        all.addAll(training);
        assertEquals(200, all.size());
    }

    private static List<String> texts(List<Prompt> prompts) {
        return prompts.stream().map(Prompt::text).toList();
    }
}
