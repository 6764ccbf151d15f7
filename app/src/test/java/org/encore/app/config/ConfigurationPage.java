package org.encore.app.config;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.encore.app.Encore;
import org.encore.app.config.ConfigKeys.ConfigKey;
import org.encore.app.config.ConfigKeys.ConfigKind;
import org.encore.app.config.FamiliarNames.Familiar;

/** Writes the tables of docs/configuration.md, and the meanings that ship with the program, from the code. */
final class ConfigurationPage {
    private static final Map<String, String> COMMANDS = Map.of(
            "train", "train",
            "pretrain", "pretrain",
            "pretrain-codec", "pretrain, with the key codec",
            "rewards-train", "rewards train",
            "preferences-train", "preferences train",
            "preferences-simulate", "preferences simulate",
            "serve", "preferences serve",
            "steer", "steer",
            "evaluate", "evaluate",
            "study", "study");

    private final StringBuilder text = new StringBuilder();
    private final ConfigKeys all;
    private final Map<Class<?>, String> families = new LinkedHashMap<>();

    private ConfigurationPage(Properties meanings) {
        this.all = new ConfigKeys(meanings);
    }

    /** The tables of all keys. */
    static String tables(Properties meanings) {
        ConfigurationPage page = new ConfigurationPage(meanings);
        page.collectFamilies();
        Encore.configurations().forEach(page::command);
        page.text.append("## Kinds\n\n");
        page.families.forEach(page::family);
        return page.text.toString().strip();
    }

    /** The table of the names that other frameworks have. */
    static String familiarNames() {
        StringBuilder table = new StringBuilder("| known as | in | here |\n|---|---|---|\n");
        for (Familiar each : FamiliarNames.ofOtherFrameworks()) {
            String here = ticked(each.keys());
            table.append("| ")
                    .append(ticked(each.names()))
                    .append(" | ")
                    .append(each.frameworks())
                    .append(" | ")
                    .append(each.note().isEmpty() ? here : here + ": " + each.note())
                    .append(" |\n");
        }
        return table.toString().strip();
    }

    /** The meanings of everything that can be configured, by record and component. */
    static Map<String, String> meanings() throws IOException {
        JavadocTexts texts = JavadocTexts.ofAllModules();
        Map<String, String> meanings = new TreeMap<>();
        ConfigKeys keys = new ConfigKeys(new Properties());
        for (Class<? extends Record> root : Encore.configurations().values()) {
            for (ConfigKey key : keys.withKinds(root)) {
                Class<? extends Record> holder = key.holder();
                List<String> interfaces = Arrays.stream(holder.getInterfaces())
                        .map(ConfigurationPage::name)
                        .toList();
                String component = key.id().substring(key.id().lastIndexOf('.') + 1);
                meanings.put(key.id(), texts.component(name(holder), interfaces, component));
                if (holder.getInterfaces().length > 0) {
                    meanings.put(name(holder), texts.summary(name(holder)));
                }
                addConstants(holder, component, texts, meanings);
            }
            for (ConfigKey key : keys.withKinds(root)) {
                key.family().ifPresent(family -> keys.records(family)
                        .forEach(kind -> meanings.put(name(kind), texts.summary(name(kind)))));
            }
        }
        return meanings;
    }

    private static void addConstants(
            Class<?> holder, String component, JavadocTexts texts, Map<String, String> meanings) {
        for (RecordComponent each : holder.getRecordComponents()) {
            if (each.getName().equals(component)
                    && ConfigKeys.innermost(each.getGenericType()) instanceof Class<?> plain
                    && plain.isEnum()) {
                for (Object constant : plain.getEnumConstants()) {
                    String id = KeyRange.id(plain, ((Enum<?>) constant).name());
                    String said = texts.summary(id);
                    if (!said.isEmpty()) {
                        meanings.put(id, said);
                    }
                }
            }
        }
    }

    private static String name(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private void collectFamilies() {
        for (Class<? extends Record> root : Encore.configurations().values()) {
            collectFamilies(all.of(root), "");
        }
    }

    private void collectFamilies(List<ConfigKey> keys, String prefix) {
        for (ConfigKey key : keys) {
            key.family().filter(family -> !families.containsKey(family)).ifPresent(family -> {
                families.put(family, prefix + key.name());
                all.kinds(family).forEach(kind -> collectFamilies(kind.keys(), prefix + key.name() + "."));
            });
        }
    }

    private void command(String purpose, Class<? extends Record> root) {
        text.append("## `encore ").append(COMMANDS.get(purpose)).append("`\n\n");
        Map<String, List<ConfigKey>> groups = new LinkedHashMap<>();
        for (ConfigKey key : all.of(root)) {
            String group = key.name().contains(".")
                    ? key.name().substring(0, key.name().indexOf('.'))
                    : "";
            groups.computeIfAbsent(group, name -> new ArrayList<>()).add(key);
        }
        groups.values().forEach(group -> {
            head("key", "default", "range", "meaning");
            group.forEach(key -> row("`" + key.name() + "`", key.standard(), range(key), key.meaning()));
            text.append('\n');
        });
    }

    private void family(Class<?> family, String title) {
        text.append("### `").append(title).append("`\n\n");
        List<ConfigKind> kinds = all.kinds(family);
        List<ConfigKey> common = common(kinds);
        head("kind", "key", "default", "range", "meaning");
        common.forEach(key -> row("*all*", "`" + key.name() + "`", key.standard(), range(key), key.meaning()));
        Set<String> shared = common.stream().map(ConfigurationPage::facts).collect(Collectors.toSet());
        for (ConfigKind kind : kinds) {
            row("`" + kind.name() + "`", "", "", "", kind.meaning());
            kind.keys().stream()
                    .filter(key -> !shared.contains(facts(key)) && !shared.contains(facts(named(key, kind))))
                    .forEach(key -> row("", "`" + key.name() + "`", key.standard(), range(key), key.meaning()));
        }
        text.append('\n');
    }

    /** Keys that all kinds of a family have, with the default that most of them share. */
    private static List<ConfigKey> common(List<ConfigKind> kinds) {
        if (kinds.size() < 3) {
            return List.of();
        }
        List<ConfigKey> common = new ArrayList<>();
        for (ConfigKey first : kinds.get(0).keys()) {
            List<ConfigKey> same = kinds.stream()
                    .flatMap(kind -> kind.keys().stream()
                            .filter(key -> key.name().equals(first.name()))
                            .map(key -> named(key, kind)))
                    .toList();
            if (same.size() == kinds.size()) {
                same.stream()
                        .collect(Collectors.groupingBy(
                                ConfigurationPage::facts, LinkedHashMap::new, Collectors.toList()))
                        .values()
                        .stream()
                        .max((a, b) -> Integer.compare(a.size(), b.size()))
                        .filter(most -> most.size() > 1)
                        .ifPresent(most -> common.add(most.get(0)));
            }
        }
        return common;
    }

    /** The key, its default called "the kind" if it is the name of its kind. */
    private static ConfigKey named(ConfigKey key, ConfigKind kind) {
        return key.standard().equals("`" + kind.name() + "`")
                ? new ConfigKey(
                        key.name(), "the kind", key.range(), key.meaning(), key.holder(), key.family(), key.condition())
                : key;
    }

    private static String facts(ConfigKey key) {
        return String.join("|", key.name(), key.standard(), key.range(), key.meaning());
    }

    private String range(ConfigKey key) {
        return key.family()
                .map(family -> "[" + key.range() + "](#"
                        + families.get(family)
                                .toLowerCase(java.util.Locale.ROOT)
                                .replace(".", "") + ")")
                .orElse(key.range());
    }

    private void head(String... cells) {
        row(cells);
        text.append("|---".repeat(cells.length)).append("|\n");
    }

    private void row(String... cells) {
        text.append("| ")
                .append(Arrays.stream(cells)
                        .map(cell -> cell.replace("|", "\\|"))
                        .collect(Collectors.joining(" | ")))
                .append(" |\n");
    }

    private static String ticked(List<String> words) {
        return "`" + String.join("`, `", words) + "`";
    }
}
