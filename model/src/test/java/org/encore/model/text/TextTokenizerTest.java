package org.encore.model.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTokenizerTest {
    /** The ids after the three special tokens: a 3, waltz 4, slow 5, in 6, café 7. */
    private static final List<String> WORDS = List.of("<pad>", "</s>", "<unk>", "a", "waltz", "slow", "in", "café");

    @TempDir
    Path directory;

    private TextTokenizer tokenizer(int maxTokens) throws IOException {
        WordTokenizer.write(WORDS, directory);
        return TextTokenizer.load(directory, maxTokens);
    }

    @Test
    void theVocabularyIsOrderedByFrequencyThenAlphabet() {
        List<String> captions = List.of("A slow waltz, in C.", "a fast Waltz; café", "a CAFÉ waltz zither", "it's 3/4");
        List<String> expected = List.of(
                "<pad>", "</s>", "<unk>", "a", "waltz", "café", "'", ",", ".", "/", "3", "4", ";", "c", "fast", "in",
                "it", "s", "slow", "zither");
        assertEquals(expected, WordTokenizer.vocabulary(captions, 100));
        List<String> turned = new ArrayList<>(captions);
        Collections.reverse(turned);
        assertEquals(expected, WordTokenizer.vocabulary(turned, 100));
        assertEquals(expected.subList(0, 5), WordTokenizer.vocabulary(captions, 5));
        assertEquals(expected.subList(0, 3), WordTokenizer.vocabulary(captions, 0));
    }

    @Test
    void theSameVocabularyGivesTheSameBytes() throws IOException {
        WordTokenizer.write(WORDS, directory);
        byte[] first = Files.readAllBytes(directory.resolve(TextTokenizer.FILE));
        WordTokenizer.write(WORDS, directory);
        assertArrayEquals(first, Files.readAllBytes(directory.resolve(TextTokenizer.FILE)));
    }

    /** A vocabulary knows every word of its own captions, in any alphabet. */
    @Test
    void bothSidesCutWordsAlike() throws IOException {
        List<String> captions = List.of("naïve Über-étude; it's 3/4, ещё вальс (für Élise) …", "日本の 🎵 music_box n°1");
        WordTokenizer.write(WordTokenizer.vocabulary(captions, 1000), directory);
        try (TextTokenizer tokenizer = TextTokenizer.load(directory, 64)) {
            for (String caption : captions) {
                assertEquals(List.of(), tokenizer.unknownWords(caption), caption);
            }
        }
    }

    /** Each of these ended the JVM: the native library aborts where it finds them. */
    @Test
    void filesThatTheLibraryDiesOfAreRefused() throws IOException {
        assertRefused("post_processor.single adds the token \"</s>\"", "\"special_tokens\"", "\"special_tokenz\"");
        assertRefused("holds the number Infinity", "\"vocab\"", "\"max_input_chars_per_word\": 1e999, \"vocab\"");
        String deep = "[".repeat(120) + "]".repeat(120);
        assertRefused("has more than 100 levels", "\"vocab\"", "\"x\": " + deep + ", \"vocab\"");
        WordTokenizer.write(WORDS, directory);
        Path file = directory.resolve(TextTokenizer.FILE);
        Files.writeString(file, Files.readString(file).replace("\"<unk>\" : 2", "\"<u>\" : 2"));
        try (TextTokenizer tokenizer = TextTokenizer.load(directory, 16)) {
            String said = assertThrows(InvalidFileException.class, () -> tokenizer.encode("a tuba"))
                    .getMessage();
            assertTrue(said.startsWith(file + ": cannot turn \"a tuba\" into ids: "), said);
        }
    }

    private void assertRefused(String problem, String part, String instead) throws IOException {
        WordTokenizer.write(WORDS, directory);
        Path file = directory.resolve(TextTokenizer.FILE);
        String text = Files.readString(file);
        assertTrue(text.contains(part), text);
        Files.writeString(file, text.replace(part, instead));
        String said = assertThrows(InvalidFileException.class, () -> TextTokenizer.load(directory, 16))
                .getMessage();
        assertTrue(said.startsWith(file + ": " + problem), said);
    }

    @Test
    void promptsBecomeIdsWithTheEndToken() throws IOException {
        try (TextTokenizer tokenizer = tokenizer(16)) {
            assertArrayEquals(new int[] {3, 5, 4, 1}, tokenizer.encode("A SLOW\twaltz"));
            assertArrayEquals(new int[] {4, 6, 3, 7, 1}, tokenizer.encode("  waltz in\na Café "));
            assertArrayEquals(new int[] {1}, tokenizer.encode(""));
            assertArrayEquals(new int[] {2, 4, 2, 1}, tokenizer.encode("blue waltz!"));
        }
    }

    @Test
    void unknownWordsAreNamedAsTheyWereWritten() throws IOException {
        try (TextTokenizer tokenizer = tokenizer(16)) {
            assertEquals(List.of(), tokenizer.unknownWords("a slow WALTZ"));
            assertEquals(List.of("Blue", "!"), tokenizer.unknownWords("a Blue waltz!"));
            // Outside the basic plane one character is two chars.
            assertEquals(List.of("🎵", "Zork"), tokenizer.unknownWords("🎵 Zork waltz"));
            assertEquals(List.of("ÉÉ", "zork"), tokenizer.unknownWords("ÉÉ a zork"));
        }
    }

    @Test
    void longPromptsAreCutAndKeepTheEndToken() throws IOException {
        try (TextTokenizer tokenizer = tokenizer(5)) {
            assertArrayEquals(new int[] {3, 4, 5, 6, 1}, tokenizer.encode("a waltz slow in"));
            assertEquals(0, tokenizer.cutPrompts());
            assertArrayEquals(new int[] {3, 4, 5, 6, 1}, tokenizer.encode("a waltz slow in café a a a"));
            tokenizer.batch(List.of("a waltz slow in café a a a", "a a a a a", "a"));
            assertEquals(2, tokenizer.cutPrompts(), "each counts once");
            assertEquals(8, tokenizer.capacity());
        }
    }

    @Test
    void batchesArePaddedToMultiplesOfEight() throws IOException {
        try (TextTokenizer tokenizer = tokenizer(16)) {
            TextBatch batch = tokenizer.batch(List.of("a waltz", "", "a a a a a a a a"));
            assertEquals(3, batch.batch());
            assertEquals(16, batch.tokens());
            int[] ids = new int[48];
            float[] validity = new float[48];
            ids[0] = 3;
            ids[1] = 4;
            ids[2] = 1;
            ids[16] = 1;
            Arrays.fill(ids, 32, 40, 3);
            ids[40] = 1;
            Arrays.fill(validity, 0, 3, 1.0f);
            validity[16] = 1.0f;
            Arrays.fill(validity, 32, 41, 1.0f);
            assertArrayEquals(ids, batch.ids());
            assertArrayEquals(validity, batch.validity());
            assertEquals(8, tokenizer.batch(List.of("a a a a a a a")).tokens());
            assertEquals(16, tokenizer.capacity());
        }
    }

    @Test
    void textIsHiddenAndJoined() {
        TextBatch batch = new TextBatch(2, 2, new int[] {3, 1, 4, 0}, new float[] {1, 1, 1, 0});
        TextBatch both = batch.followedBy(batch.withoutText());
        assertEquals(4, both.batch());
        assertArrayEquals(new int[] {3, 1, 4, 0, 3, 1, 4, 0}, both.ids());
        assertArrayEquals(new float[] {1, 1, 1, 0, 0, 0, 0, 0}, both.validity());
        both.hide(0);
        assertArrayEquals(new float[] {0, 0, 1, 0, 0, 0, 0, 0}, both.validity());
        assertArrayEquals(new float[] {1, 1, 1, 0}, batch.validity(), "the parts keep theirs");
        TextBatch longer = new TextBatch(1, 3, new int[3], new float[3]);
        assertThrows(IllegalArgumentException.class, () -> batch.followedBy(longer));
    }

    @Test
    void filesThatAreNoTokenizer() throws IOException {
        assertTrue(refusal().contains("a model that reads prompts needs its tokenizer"));
        for (String content : new String[] {"", "{}", "not json", "{\"model\": {\"type\": \"Nonsense\"}}"}) {
            Files.writeString(directory.resolve(TextTokenizer.FILE), content);
            assertTrue(refusal().startsWith("the tokenizer cannot be read: "), content);
        }
        assertThrows(IllegalArgumentException.class, () -> TextTokenizer.load(directory, 0));
    }

    private String refusal() {
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> TextTokenizer.load(directory, 8));
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertEquals(directory.resolve(TextTokenizer.FILE), e.file());
        return e.problem();
    }
}
