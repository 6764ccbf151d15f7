package org.encore.music.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.encore.base.files.InvalidFileException;
import org.encore.music.corpus.PromptCorpus.Settings;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

class PromptCorpusTest {
    private static final Settings SETTINGS = new Settings(1, 20, Optional.empty());

    @TempDir
    private Path directory;

    private PromptCorpus corpus(String name, String content) throws IOException {
        return new PromptCorpus(Files.writeString(directory.resolve(name), content), SETTINGS);
    }

    private static Set<String> heldOut(PromptCorpus corpus) {
        Set<String> texts = new HashSet<>();
        for (Split split : Split.values()) {
            corpus.on(split).heldOutPrompts(10_000).forEach(prompt -> texts.add(prompt.text()));
        }
        return texts;
    }

    private static Set<String> training(PromptCorpus corpus, int count) {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < count; i++) {
            assertTrue(texts.add(corpus.tuningPrompt(i).text()), "one pass has each prompt once");
        }
        return texts;
    }

    private static List<String> lines(int from, int to) {
        List<String> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add("prompt number " + i);
        }
        return lines;
    }

    @Test
    void everyFormatGivesTheSamePrompts() throws IOException {
        String text = "slow  waltz\n\n fast march \nblues, \"swinging\"\nSlow waltz\nreggae\n";
        PromptCorpus plain = corpus("a.txt", text);
        String csv =
                """
                id,caption
                1,slow waltz
                2,fast march
                3,"blues,
                ""swinging""\"
                4,reggae
                5,
                6,Slow  waltz
                """;
        String jsonl =
                """
                {"prompt": "fast march", "id": 2}
                "reggae"
                {"caption":"blues, \\"swinging\\"","prompt":"x"}
                {"text":"Slow waltz"}
                """;
        for (PromptCorpus other : List.of(corpus("a.csv", csv), corpus("a.jsonl", jsonl))) {
            assertEquals(heldOut(plain), heldOut(other));
            assertEquals(plain.fingerprint(), other.fingerprint());
        }
        Path zipped = directory.resolve("a.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(plain.fingerprint(), new PromptCorpus(zipped, SETTINGS).fingerprint());
        Set<String> all = new HashSet<>(training(plain, 4 - heldOut(plain).size()));
        all.addAll(heldOut(plain));
        assertEquals(Set.of("Slow waltz", "fast march", "blues, \"swinging\"", "reggae"), all);
        assertEquals(Attributes.NONE, plain.trainPrompt(7).attributes());
        assertFalse(plain.hasPieces());
        assertEquals(List.of(), plain.heldOut(3));
    }

    @Test
    void theSplitSurvivesReorderingAndAdding() throws IOException {
        List<String> lines = lines(0, 100);
        PromptCorpus first = corpus("a.txt", String.join("\n", lines));
        Set<String> heldOut = heldOut(first);
        assertTrue(heldOut.size() > 8 && heldOut.size() < 35, heldOut.size() + " held out");
        Set<String> training = training(first, 100 - heldOut.size());
        training.retainAll(heldOut);
        assertEquals(Set.of(), training);

        Collections.reverse(lines);
        PromptCorpus reversed = corpus("b.txt", String.join("\r\n", lines));
        assertEquals(first.heldOutPrompts(5), reversed.heldOutPrompts(5));
        assertEquals(first.fingerprint(), reversed.fingerprint());
        for (int i = 0; i < 300; i++) {
            assertEquals(first.tuningPrompt(i), reversed.tuningPrompt(i));
        }

        lines.addAll(lines(100, 150));
        PromptCorpus longer = corpus("c.txt", String.join("\n", lines));
        Set<String> more = heldOut(longer);
        assertTrue(more.containsAll(heldOut));
        more.removeAll(heldOut);
        more.forEach(text -> assertTrue(Integer.parseInt(text.substring(14)) >= 100, text));
        assertNotEquals(first.fingerprint(), longer.fingerprint());
    }

    @Test
    void faultyFilesAreRefused() throws IOException {
        assertRefused("a.txt", "has 1 different prompts, but needs at least 2", "one\nONE\n");
        assertRefused("a.csv", "line 2: has [a, b], but needs one of the columns [caption, prompt", "a,b\n1,2\n");
        assertRefused("a.csv", "line 3: has 1 cells, but the first line has 2", "a,caption\n1,2\n3\n");
        assertRefused("a.jsonl", "line 2: is not JSON", "{\"caption\":\"x\"}\n{\n");
        assertRefused("a.xml", "must end in .txt, .csv or .jsonl", "x");
        Path absent = directory.resolve("absent.txt");
        assertThrows(InvalidFileException.class, () -> new PromptCorpus(absent, SETTINGS));
        Path csv = Files.writeString(directory.resolve("b.csv"), "mood,x\nsad,1\ngay,2\n");
        Settings byColumn = new Settings(1, 50, Optional.of("mood"));
        PromptCorpus corpus = new PromptCorpus(csv, byColumn);
        assertEquals(
                Set.of("sad", "gay"),
                Set.of(
                        corpus.trainPrompt(0).text(),
                        corpus.heldOutPrompts(1).get(0).text()));
        Settings wrong = new Settings(1, 50, Optional.of("genre"));
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> new PromptCorpus(csv, wrong));
        assertTrue(e.getMessage().endsWith("line 1: has the columns [mood, x], but needs genre"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new Settings(1, 0, Optional.empty()));
        assertThrows(IllegalArgumentException.class, () -> corpus.train(0));
    }

    private void assertRefused(String name, String problem, String content) {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> corpus(name, content));
        assertTrue(e.getMessage().startsWith(directory.resolve(name) + ": " + problem), e.getMessage());
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ENCORE_SHARED", matches = ".+")
    void musicCapsWorksAsItIs() throws IOException {
        Path file = Path.of(System.getenv("ENCORE_SHARED"), "data", "captions", "musiccaps-public.csv.gz");
        PromptCorpus corpus = new PromptCorpus(file, new Settings(1, 10, Optional.empty()));
        int held = heldOut(corpus).size();
        assertTrue(held > 480 && held < 620, held + " held out of 5521");
        // 5,521 rows, some of which differ in white space alone.
        for (Prompt prompt : corpus.heldOutPrompts(100)) {
            assertFalse(prompt.text().contains("\n"));
        }
    }
}
