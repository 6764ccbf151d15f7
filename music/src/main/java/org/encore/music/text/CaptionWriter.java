package org.encore.music.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.encore.base.random.Shuffle;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.CaptionWriter.Lexicon.Form;

/**
 * Writes captions of attributes: many phrases for each value, many sentences, any order.
 *
 * <p>A caption has at most {@value #MAX_WORDS} words and its meaning does not depend on upper or lower case.
 */
public final class CaptionWriter {
    /** Which phrases and sentences a caption may use; the two sets have nothing in common. */
    public enum Wording {
        /** Captions for training. */
        TRAINING,
        /** Captions for evaluation, built of the words of training captions. */
        HELD_OUT
    }

    /** The longest caption. */
    public static final int MAX_WORDS = 40;

    private static final int FEWEST_ASPECTS = 3;
    private static final int MOST_PHRASES = 3;

    /** Sentences; %n is a noun phrase with its article, %t for a list of tags. */
    static final List<String> TRAINING_FRAMES = List.of(
            "%n.", "Compose %n.", "Play %n.", "This is %n.", "I want to hear %n.", "Music: %t.", "%t", "%n. %t.");

    /** Sentences kept for held-out captions. */
    static final List<String> HELD_OUT_FRAMES =
            List.of("I want %n.", "Compose music: %t.", "I want to play %n.", "Hear this music: %t.", "Play %n: %t.");

    private static final List<String> TRAINING_CASTS = List.of("for %s", "played by %s", "featuring %s", "on %s");
    private static final List<String> HELD_OUT_CASTS = List.of("played on %s", "by %s");

    private static final Map<Aspect, Enum<?>[]> VALUES = new EnumMap<>(Map.of(
            Aspect.STYLE, Attributes.Style.values(),
            Aspect.INSTRUMENTS, Timbre.values(),
            Aspect.TEMPO, Attributes.TempoBand.values(),
            Aspect.MODE, Attributes.Mode.values(),
            Aspect.TEXTURE, Attributes.Texture.values(),
            Aspect.DENSITY, Attributes.Density.values(),
            Aspect.METER, Attributes.MeterKind.values()));

    private final Lexicon lexicon = Lexicon.shipped();

    /**
     * Writes a caption that mentions some of the truth: three aspects at least, all of them at most.
     *
     * @param truth what is true of the piece
     * @return the caption, and what it mentions
     */
    public Prompt write(Attributes truth, Wording wording, RandomGenerator random) {
        List<Aspect> aspects = new ArrayList<>(truth.mentioned());
        Shuffle.inPlace(aspects, random);
        int fewest = Math.min(FEWEST_ASPECTS, aspects.size());
        int count = fewest + random.nextInt(aspects.size() - fewest + 1);
        Set<Aspect> chosen = EnumSet.noneOf(Aspect.class);
        chosen.addAll(aspects.subList(0, count));
        return writeAll(truth.only(chosen), wording, random);
    }

    /**
     * Writes a caption that mentions every given attribute.
     *
     * @param attributes what to mention, at least one
     */
    public Prompt writeAll(Attributes attributes, Wording wording, RandomGenerator random) {
        if (attributes.mentioned().isEmpty()) {
            throw new IllegalArgumentException("attributes mention nothing, but a caption needs at least one");
        }
        String text;
        do {
            text = sentence(attributes, wording, random);
        } while (wordsOf(text) > MAX_WORDS);
        return new Prompt(text, attributes);
    }

    /** How training captions say each value: its name in lower case, as in the table of phrases, and the phrases. */
    public Map<Aspect, Map<String, List<String>>> phrases() {
        Map<Aspect, Map<String, List<String>>> phrases = new EnumMap<>(Aspect.class);
        VALUES.forEach((aspect, values) -> {
            Map<String, List<String>> said = new LinkedHashMap<>();
            for (Enum<?> value : values) {
                String name = value.name().toLowerCase(Locale.ROOT);
                said.put(name, lexicon.ofValue(spoken(aspect, name)));
            }
            phrases.put(aspect, said);
        });
        return phrases;
    }

    private String sentence(Attributes attributes, Wording wording, RandomGenerator random) {
        List<String> frames = wording == Wording.TRAINING ? TRAINING_FRAMES : HELD_OUT_FRAMES;
        String frame = frames.get(random.nextInt(frames.size()));
        List<Aspect> aspects = new ArrayList<>(attributes.mentioned());
        Shuffle.inPlace(aspects, random);
        boolean hasNoun = frame.contains("%n");
        boolean hasTags = frame.contains("%t");
        if (hasNoun && hasTags && aspects.size() < 2) {
            return sentence(attributes, wording, random);
        }
        int tagged = hasTags ? aspects.size() : 0;
        if (hasNoun && hasTags) {
            tagged = 1 + random.nextInt(aspects.size() - 1);
        }
        PhraseWriter phrases = new PhraseWriter(attributes, wording, random);
        String text = frame;
        if (hasTags) {
            text = text.replace("%t", phrases.tags(aspects.subList(0, tagged)));
        }
        if (hasNoun) {
            text = text.replace("%n", phrases.nounPhrase(aspects.subList(tagged, aspects.size())));
        }
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static int wordsOf(String text) {
        return text.split(" ", -1).length;
    }

    /** The key of a value in the table of phrases. */
    private static String key(Attributes attributes, Aspect aspect) {
        return spoken(aspect, attributes.valueOf(aspect));
    }

    /** Tempo and density both have a medium. */
    private static String spoken(Aspect aspect, String value) {
        return aspect == Aspect.DENSITY && value.equals("medium") ? "even" : value;
    }

    /** Writes the phrases of one caption. */
    private final class PhraseWriter {
        private final Attributes attributes;
        private final Wording wording;
        private final RandomGenerator random;

        PhraseWriter(Attributes attributes, Wording wording, RandomGenerator random) {
            this.attributes = attributes;
            this.wording = wording;
            this.random = random;
        }

        String tags(List<Aspect> aspects) {
            List<String> tags = new ArrayList<>();
            for (Aspect aspect : aspects) {
                tags.add(
                        switch (aspect) {
                            case STYLE -> say(aspect, Form.NOUN);
                            case INSTRUMENTS -> cast();
                            default -> say(aspect, Form.TAG);
                        });
            }
            return String.join(", ", tags);
        }

        String nounPhrase(List<Aspect> aspects) {
            List<String> adjectives = new ArrayList<>();
            List<String> phrases = new ArrayList<>();
            String noun = lexicon.draw("any", Form.NOUN, wording, random);
            for (Aspect aspect : aspects) {
                if (aspect == Aspect.STYLE) {
                    noun = say(aspect, Form.NOUN);
                } else if (aspect == Aspect.INSTRUMENTS) {
                    List<String> casts = wording == Wording.TRAINING ? TRAINING_CASTS : HELD_OUT_CASTS;
                    phrases.add(casts.get(random.nextInt(casts.size())).replace("%s", cast()));
                } else if (phrases.size() >= MOST_PHRASES || random.nextInt(2) == 0) {
                    adjectives.add(say(aspect, Form.ADJECTIVE));
                } else {
                    phrases.add(say(aspect, Form.PHRASE));
                }
            }
            String attributive = String.join(random.nextInt(2) == 0 ? " " : ", ", adjectives);
            String core = attributive.isEmpty() ? noun : attributive + " " + noun;
            String article = "aeiou".indexOf(core.charAt(0)) >= 0 ? "an " : "a ";
            return article + core + (phrases.isEmpty() ? "" : " " + String.join(" ", phrases));
        }

        private String cast() {
            List<String> names = new ArrayList<>();
            for (Timbre timbre : attributes.instruments()) {
                names.add(lexicon.draw(timbre.name().toLowerCase(Locale.ROOT), Form.NAME, wording, random));
            }
            Shuffle.inPlace(names, random);
            if (names.size() == 1) {
                return names.get(0);
            }
            String last = names.remove(names.size() - 1);
            return String.join(", ", names) + " and " + last;
        }

        private String say(Aspect aspect, Form form) {
            return lexicon.draw(key(attributes, aspect), form, wording, random);
        }
    }

    /** The table of phrases: value and form to training and held-out wordings. */
    static final class Lexicon {
        /** Where in a caption a phrase can stand. */
        enum Form {
            NOUN,
            ADJECTIVE,
            PHRASE,
            TAG,
            NAME
        }

        /** One line of the table: phrases for training captions, and those kept for held-out captions. */
        record Entry(List<String> training, List<String> heldOut) {
            List<String> of(CaptionWriter.Wording wording) {
                return wording == CaptionWriter.Wording.TRAINING ? training : heldOut;
            }
        }

        /** The key of an entry. */
        record Key(String value, Form form) {}

        private static final String RESOURCE = "phrases.txt";

        private final Map<Key, Entry> entries;

        private Lexicon(Map<Key, Entry> entries) {
            this.entries = entries;
        }

        /** Reads the table that ships with the module. */
        static Lexicon shipped() {
            Map<Key, Entry> entries = new LinkedHashMap<>();
            try (InputStream stream = Lexicon.class.getResourceAsStream(RESOURCE);
                    BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        addLine(line, entries);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(RESOURCE + " cannot be read", e);
            }
            return new Lexicon(entries);
        }

        private static void addLine(String line, Map<Key, Entry> entries) {
            String[] cells = line.split("\\|", -1);
            if (cells.length != 4) {
                throw new IllegalArgumentException(RESOURCE + ": needs 4 cells apart by |, but has: " + line);
            }
            Key key = new Key(cells[0].trim(), Form.valueOf(cells[1].trim().toUpperCase(Locale.ROOT)));
            if (entries.put(key, new Entry(phrases(cells[2]), phrases(cells[3]))) != null) {
                throw new IllegalArgumentException(RESOURCE + ": is said twice: " + key);
            }
        }

        private static List<String> phrases(String cell) {
            List<String> phrases = new ArrayList<>();
            for (String phrase : cell.split(";", -1)) {
                phrases.add(phrase.trim());
            }
            return List.copyOf(phrases);
        }

        /** All lines, in the order of the table. */
        Map<Key, Entry> entries() {
            return entries;
        }

        /** Training phrases of a value in all forms, each once. */
        List<String> ofValue(String value) {
            Set<String> phrases = new LinkedHashSet<>();
            entries.forEach((key, entry) -> {
                if (key.value().equals(value)) {
                    phrases.addAll(entry.training());
                }
            });
            return List.copyOf(phrases);
        }

        /** Draws a phrase for a value. */
        String draw(String value, Form form, CaptionWriter.Wording wording, RandomGenerator random) {
            Entry entry = entries.get(new Key(value, form));
            if (entry == null) {
                throw new IllegalArgumentException(RESOURCE + ": has no " + form + " for " + value);
            }
            List<String> phrases = entry.of(wording);
            return phrases.get(random.nextInt(phrases.size()));
        }
    }
}
