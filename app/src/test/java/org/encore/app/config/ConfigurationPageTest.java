package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.encore.app.Encore;
import org.encore.app.Invocation;
import org.encore.app.config.ConfigKeys.ConfigKey;
import org.encore.app.report.StudyTables.DocumentSection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The reference of keys says what the code does. With {@code -Dencore.docs=write} it is written instead. */
final class ConfigurationPageTest {
    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Path MEANINGS =
            Path.of("src", "main", "resources", "org", "encore", "app", "config", "meanings.properties");
    private static final String ADVICE =
            " differs from the code; write it anew with -Dtest=ConfigurationPageTest" + " -Dencore.docs=write";
    private static final DocumentSection KEYS = new DocumentSection("keys");
    private static final DocumentSection NAMES = new DocumentSection("names");
    private static Map<String, String> meaningsOfTheCode;

    /** The Javadoc of all modules is parsed once. */
    @BeforeAll
    static void readTheCode() throws IOException {
        meaningsOfTheCode = ConfigurationPage.meanings();
    }

    @Test
    void thePageAndTheMeaningsAreThoseOfTheCode() throws IOException {
        String meanings = meaningsOfTheCode.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue() + "\n")
                .collect(Collectors.joining());
        Properties properties = new Properties();
        properties.load(new StringReader(meanings));
        String tables = ConfigurationPage.tables(properties);
        if ("write".equals(System.getProperty("encore.docs"))) {
            Files.writeString(MEANINGS, meanings);
            KEYS.replace(PAGE, tables);
            NAMES.replace(PAGE, ConfigurationPage.familiarNames());
        }
        assertEquals(meanings, Files.readString(MEANINGS), MEANINGS + ADVICE);
        assertEquals(tables, KEYS.read(PAGE), PAGE + ADVICE);
        assertEquals(ConfigurationPage.familiarNames(), NAMES.read(PAGE), PAGE + ADVICE);
    }

    @Test
    void everyKeyAndEveryKindHasAMeaning() {
        List<String> silent = meaningsOfTheCode.entrySet().stream()
                .filter(each -> each.getValue().isBlank())
                .map(Map.Entry::getKey)
                .toList();
        assertEquals(List.of(), silent, "add @param or a first sentence to the Javadoc of");
    }

    /** Words for a range stand where trying finds none, and nowhere else. */
    @Test
    void rangesAreWrittenByHandWhereTryingFindsNone() {
        TreeSet<String> needed = new TreeSet<>();
        ConfigKeys keys = new ConfigKeys();
        for (Class<? extends Record> root : Encore.configurations().values()) {
            for (ConfigKey key : keys.withKinds(root)) {
                String words = KeyRange.BY_HAND.getOrDefault(key.id(), KeyRange.DEPENDS);
                if (key.range().contains(words)) {
                    needed.add(key.id());
                }
            }
        }
        assertEquals(needed, new TreeSet<>(KeyRange.BY_HAND.keySet()));
    }

    /** Bounds of every form, closed, open, and none, of whole and of real numbers. */
    record Forms(int count, long seed, double share, double rate, double limit, double free, double low, double high) {
        Forms {
            if (count < 3
                    || count > 70_000
                    || !(share >= 0.0 && share < 1.0)
                    || !(rate > 0.0 && Double.isFinite(rate))
                    || !(limit >= 0.1)
                    || !(low < high)) {
                throw new IllegalArgumentException("refused");
            }
        }
    }

    @Test
    void rangesAreFoundByTrying() {
        KeyRange range = new KeyRange(Forms.class, List.of(5, 1L, 0.5, 1e-4, 1.0, 0.0, 0.0, 1.0));
        assertEquals("[3, 70000]", range.text(0));
        assertEquals("any whole number", range.text(1));
        assertEquals("[0, 1)", range.text(2));
        assertEquals("> 0", range.text(3));
        assertEquals("≥ 0.1 or `.inf`", range.text(4));
        assertEquals("any number or `.inf`", range.text(5));
        assertTrue(range.isUndecidable(6) && range.isUndecidable(7));
        assertTrue(!range.isUndecidable(0) && !range.isUndecidable(4));
    }

    @Test
    void theCommandExplainsAKey() {
        Invocation one = Invocation.here("config", "keys", "rollout.temperature");
        assertEquals(0, one.status(), one.err());
        assertTrue(
                one.out().startsWith("rollout.temperature: default 1; [0.05, 5]\n    divides the logits"), one.out());
        Invocation ofKind = Invocation.here("config", "keys", "policy.objective.clipRange");
        assertTrue(ofKind.out().contains("(policy.objective: clipped-surrogate)"), ofKind.out());
        assertEquals(2, Invocation.here("config", "keys", "nothing").status());
    }

    @Test
    void javadocIsRead() {
        JavadocTexts texts = new JavadocTexts();
        texts.read(
                """
                /** A thing with {@code braces}. More. */
                public sealed interface Thing {
                    /** The name; "{" is no brace. */
                    String name();

                    /**
                     * One kind (see {@link org.a.Other#x}).
                     *
                     * <p>Long.
                     *
                     * @param size in &lt;m&gt;, over
                     *     two lines.
                     */
                    record Big(String name, int size) implements Thing {
                        void a() { if (name.equals("}")) { } }
                    }

                    /** Which. */
                    enum Way { /** Ahead. */ AHEAD, /** Behind. */ BEHIND }
                }
                """);
        assertEquals("A thing with `braces`", texts.summary("Thing"));
        assertEquals("One kind (see `Other#x`)", texts.summary("Thing.Big"));
        assertEquals("in <m>, over two lines", texts.component("Thing.Big", List.of("Thing"), "size"));
        assertEquals("The name; \"{\" is no brace", texts.component("Thing.Big", List.of("Thing"), "name"));
        assertEquals("Behind", texts.summary("Thing.Way.BEHIND"));
        assertEquals("", texts.summary("Thing.Way.UP"));
    }
}
