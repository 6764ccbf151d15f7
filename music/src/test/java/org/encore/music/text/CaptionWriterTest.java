package org.encore.music.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.CaptionWriter.Lexicon;
import org.encore.music.text.CaptionWriter.Wording;
import org.junit.jupiter.api.Test;

class CaptionWriterTest {
    private static final int CAPTIONS = 4000;
    private static final Set<String> ARTICLES = Set.of("a", "an", "and");

    private final CaptionWriter writer = new CaptionWriter();

    @Test
    void saysEveryMentionedAttribute() {
        Attributes march =
                Attributes.NONE.with(Style.MARCH).with(TempoBand.SLOW).with(Set.of(Timbre.FLUTE, Timbre.HARP));
        for (int i = 0; i < 200; i++) {
            Prompt prompt = writer.writeAll(march, Wording.TRAINING, random(i));
            assertEquals(march, prompt.attributes());
            String text = prompt.text().toLowerCase(Locale.ROOT);
            assertTrue(text.contains("march"), text);
            assertTrue(text.contains("flute") && text.contains("harp"), text);
            assertTrue(text.matches(".*(slow|leisurely|unhurried|lazy).*"), text);
        }
    }

    @Test
    void mentionsThreeToSevenAspectsAndKeepsItShort() {
        Set<Integer> counts = new TreeSet<>();
        for (int i = 0; i < CAPTIONS; i++) {
            for (Wording wording : Wording.values()) {
                Prompt prompt = writer.write(anyTruth(i), wording, random(i));
                counts.add(prompt.attributes().mentioned().size());
                assertTrue(prompt.text().split(" ", -1).length <= CaptionWriter.MAX_WORDS, prompt.text());
                assertFalse(prompt.text().contains("%") || prompt.text().contains("  "), prompt.text());
            }
        }
        assertEquals(Set.of(3, 4, 5, 6, 7), counts);
    }

    @Test
    void heldOutPhrasesAreMadeOfTrainingWordsOfTheSameValue() {
        Map<Lexicon.Key, Lexicon.Entry> entries = Lexicon.shipped().entries();
        int phrases = 0;
        for (Map.Entry<Lexicon.Key, Lexicon.Entry> entry : entries.entrySet()) {
            Set<String> known = new HashSet<>(ARTICLES);
            entries.forEach((key, other) -> {
                if (key.value().equals(entry.getKey().value())) {
                    other.training().forEach(phrase -> known.addAll(words(phrase)));
                }
            });
            for (String phrase : entry.getValue().heldOut()) {
                assertTrue(known.containsAll(words(phrase)), entry.getKey() + ": " + phrase);
                assertFalse(entry.getValue().training().contains(phrase), phrase);
                phrases++;
            }
        }
        assertTrue(phrases > 70, "saw only " + phrases);
    }

    @Test
    void heldOutWordingsNeverOccurInTrainingCaptions() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < CAPTIONS; i++) {
            texts.add(writer.write(anyTruth(i), Wording.TRAINING, random(i)).text());
        }
        for (int i = 0; i < CAPTIONS; i++) {
            assertFalse(texts.contains(
                    writer.write(anyTruth(i), Wording.HELD_OUT, random(i)).text()));
        }
        assertTrue(CaptionWriter.TRAINING_FRAMES.stream().noneMatch(CaptionWriter.HELD_OUT_FRAMES::contains));
    }

    @Test
    void heldOutVocabularyIsContainedInTrainingVocabulary() {
        Set<String> training = new TreeSet<>();
        Set<String> heldOut = new TreeSet<>();
        for (int i = 0; i < CAPTIONS; i++) {
            training.addAll(
                    words(writer.write(anyTruth(i), Wording.TRAINING, random(i)).text()));
            heldOut.addAll(
                    words(writer.write(anyTruth(i), Wording.HELD_OUT, random(i)).text()));
        }
        assertTrue(training.containsAll(heldOut), () -> {
            heldOut.removeAll(training);
            return heldOut.toString();
        });
        assertTrue(training.size() >= 200 && training.size() <= 400, "vocabulary has " + training.size() + " words");
    }

    @Test
    void sameStreamSameWords() {
        assertEquals(
                writer.write(anyTruth(3), Wording.TRAINING, random(3)),
                new CaptionWriter().write(anyTruth(3), Wording.TRAINING, random(3)));
    }

    @Test
    void refusesToSayNothing() {
        assertThrows(
                IllegalArgumentException.class, () -> writer.writeAll(Attributes.NONE, Wording.TRAINING, random(0)));
    }

    private static RandomGenerator random(long index) {
        return new RandomStreams(7).stream(RandomStreams.Purpose.CAPTION, index);
    }

    private static Attributes anyTruth(long index) {
        RandomGenerator random = new RandomStreams(8).stream(RandomStreams.Purpose.CAPTION, index);
        Set<Timbre> instruments = EnumSet.noneOf(Timbre.class);
        int count = 1 + random.nextInt(4);
        while (instruments.size() < count) {
            instruments.add(one(Timbre.values(), random));
        }
        return Attributes.NONE
                .with(one(Style.values(), random))
                .with(instruments)
                .with(one(TempoBand.values(), random))
                .with(one(Mode.values(), random))
                .with(one(Texture.values(), random))
                .with(one(Density.values(), random))
                .with(one(MeterKind.values(), random));
    }

    private static <T> T one(T[] values, RandomGenerator random) {
        return values[random.nextInt(values.length)];
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(List.of(text.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9/]+", " ")
                .trim()
                .split(" ", -1)));
    }
}
