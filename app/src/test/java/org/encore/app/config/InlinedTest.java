package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.settings.Inlined;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records whose keys stand beside those of another record, in one mapping. */
class InlinedTest {
    /** An open interface: the record that holds one lists the kinds. */
    interface Thing {
        int usualCount();
    }

    record Book(int pages, String title) implements Thing {
        Book {
            if (pages < 1) {
                throw new IllegalArgumentException("pages is " + pages + ", but must be at least 1");
            }
        }

        /** Without a title, which must be given. */
        public static Book defaults() {
            return new Book(100, null);
        }

        @Override
        public int usualCount() {
            return 1;
        }
    }

    record Lamp(Example.Precision precision) implements Thing {
        public static Lamp defaults() {
            return new Lamp(Example.Precision.SINGLE);
        }

        @Override
        public int usualCount() {
            return 4;
        }
    }

    record Item(String id, int count, @Inlined Thing thing) {
        Item {
            if (count < 0) {
                throw new IllegalArgumentException("count is " + count + ", but must be at least 0");
            }
        }

        /** How many there are depends on the kind of thing. */
        public static Item defaults(Thing thing) {
            return new Item("thing", thing.usualCount(), thing);
        }

        public static Map<String, Class<? extends Record>> kinds() {
            Map<String, Class<? extends Record>> kinds = new LinkedHashMap<>();
            kinds.put("book", Book.class);
            kinds.put("desk-lamp", Lamp.class);
            return kinds;
        }
    }

    record Size(int width, int height) {}

    /** What is inlined is one record: there is nothing to choose. */
    record Box(String name, @Inlined Size size) {}

    record Shelf(List<Item> items, Item best, Box box) {
        public static Shelf defaults() {
            return new Shelf(
                    List.of(),
                    new Item("best", 7, new Lamp(Example.Precision.HALF_WIDTH)),
                    new Box("box", new Size(3, 4)));
        }
    }

    /** An open interface under a key of its own. */
    record Holder(Thing thing) {
        public static Map<String, Class<? extends Record>> kinds() {
            return Item.kinds();
        }
    }

    @TempDir
    private Path directory;

    @Test
    void keysStandSideBySideAndDefaultsFollowTheKind() throws IOException {
        Shelf shelf = read(
                """
                items:
                  - {kind: book, title: A, id: a}
                  - {count: 2, kind: desk-lamp, precision: half-width}
                  - desk-lamp
                box: {height: 9}
                """);
        assertEquals(
                List.of(
                        new Item("a", 1, new Book(100, "A")),
                        new Item("thing", 2, new Lamp(Example.Precision.HALF_WIDTH)),
                        new Item("thing", 4, new Lamp(Example.Precision.SINGLE))),
                shelf.items());
        assertEquals(new Box("box", new Size(3, 9)), shelf.box());
    }

    @Test
    void enclosingDefaultsHoldUntilTheKindChanges() throws IOException {
        assertEquals(
                new Item("best", 8, new Lamp(Example.Precision.HALF_WIDTH)),
                read("best: {count: 8}").best());
        assertEquals(
                new Item("best", 7, new Lamp(Example.Precision.SINGLE)),
                read("best: {kind: desk-lamp, precision: single}").best());
        assertEquals(
                new Item("thing", 1, new Book(100, "B")),
                read("best: {kind: book, title: B}").best());
    }

    @Test
    void argumentsReachBothRecords() throws IOException {
        String yaml = "items: [{kind: book, title: A}]\n";
        assertEquals(
                new Item("thing", 5, new Book(7, "A")),
                read(yaml, "items.0.count=5", "items.0.pages=7").items().get(0));
        assertEquals(
                new Item("thing", 4, new Lamp(Example.Precision.SINGLE)),
                read(yaml, "items.0=desk-lamp").items().get(0));
    }

    @Test
    void whatIsWrittenReadsBackWithTheKindFirst() throws IOException {
        Shelf shelf = read("items: [{kind: book, title: A}]\nbest: desk-lamp\n");
        assertEquals(shelf, read(ResolvedConfig.yaml(shelf)));
        assertEquals(
                "{box={name=box, width=3, height=4}}",
                ResolvedConfig.tree(new Boxed(shelf.box())).toString());
        assertEquals(
                "{kind=book, id=thing, count=1, pages=100, title=A}",
                ResolvedConfig.tree(shelf.items().get(0)).toString());
        assertEquals(
                "{thing={kind=desk-lamp, precision=single}}",
                ResolvedConfig.tree(new Holder(Lamp.defaults())).toString());
    }

    private record Boxed(Box box) {}

    @Test
    void anOpenInterfaceMayHaveAKeyOfItsOwn() throws IOException {
        assertEquals(new Holder(new Book(2, "T")), readHolder("thing: {kind: book, title: T, pages: 2}"));
        assertEquals(new Holder(Lamp.defaults()), readHolder("thing: desk-lamp"));
        assertProblem(
                "c.yaml:1: thing is missing; it must be a mapping whose kind is one of book, desk-lamp", "", true);
        assertProblem(
                "c.yaml:1: thing.kind is \"bok\", but must be one of book, desk-lamp; did you mean book?",
                "thing: bok",
                true);
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        assertProblem(
                "c.yaml:2: items.0.pagges is not known; did you mean pages?; the keys here are id, count, pages, title",
                "items:\n  - {kind: book, pagges: 3}");
        assertProblem(
                "c.yaml:1: items.0.precision is not known; the keys here are id, count, pages, title",
                "items: [{kind: book, precision: single}]");
        assertProblem(
                "c.yaml:3: items.0.pages is 0, but must be at least 1", "items:\n- kind: book\n  pages: 0\n  title: A");
        assertProblem(
                "c.yaml:3: items.0.count is -1, but must be at least 0", "items:\n- kind: desk-lamp\n  count: -1");
        assertProblem("c.yaml:1: items.0.title is missing; it must be text", "items: [{kind: book}]");
        assertProblem(
                "c.yaml:1: items.0.kind is \"lamp\", but must be one of book, desk-lamp", "items: [{kind: lamp}]");
        assertProblem("c.yaml:1: items.0.kind is missing; it must be one of book, desk-lamp", "items: [{id: x}]");
        assertProblem(
                "c.yaml:1: items is \"3\", but must be a list, each item a mapping whose kind is one of book, desk-lamp",
                "items: 3");
        assertProblem(
                "c.yaml:1: items.0 is empty, but must be a mapping whose kind is one of book, desk-lamp", "items: [~]");
        assertProblem("c.yaml:1: box is \"3\", but must be a mapping with the keys name, width, height", "box: 3");
    }

    private void assertProblem(String ending, String yaml) {
        assertProblem(ending, yaml, false);
    }

    private void assertProblem(String ending, String yaml, boolean holder) {
        String message = assertThrows(ConfigException.class, () -> {
                    if (holder) {
                        readHolder(yaml);
                    } else {
                        read(yaml);
                    }
                })
                .getMessage();
        assertEquals(directory.resolve(ending).toString(), message);
    }

    private Shelf read(String yaml, String... overrides) throws IOException {
        return new ConfigReader().read(write(yaml), List.of(overrides), Shelf.class);
    }

    private Holder readHolder(String yaml) throws IOException {
        return new ConfigReader().read(write(yaml), List.of(), Holder.class);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(directory.resolve("c.yaml"), yaml);
    }
}
