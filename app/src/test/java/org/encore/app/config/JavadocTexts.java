package org.encore.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the Javadoc of the sources says about types, components of records, methods without parameters and constants.
 *
 * <p>Names are those of types without their package, nested ones behind a point, then the member: {@code
 * Normaliser.FixedRange.low}.
 */
final class JavadocTexts {
    private static final Pattern TOKEN = Pattern.compile(
            "(?s)(?<doc>/\\*\\*.*?\\*/)|/\\*.*?\\*/|//[^\\n]*|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'"
                    + "|\\b(?<kind>record|enum|interface|class)\\s+(?<type>\\w+)(?=\\s*[<({]|\\s+(?:extends|implements|permits))"
                    + "|(?<open>\\{)|(?<close>\\})");
    private static final Pattern MEMBER =
            Pattern.compile("\\s*(?:[\\w.<>?]+\\s+(\\w+)\\(\\);|([A-Z][A-Z0-9_]*)\\s*[,;({}])");
    private static final Pattern PARAM = Pattern.compile("(?sm)^@param (\\w+) (.*?)(?=^@\\w+|\\z)");
    private static final Pattern LINK = Pattern.compile("\\{@link ([\\w.]+)");

    private final Map<String, String> summaries = new LinkedHashMap<>();
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, List<String>> links = new LinkedHashMap<>();

    /** Reads the sources of every module. */
    static JavadocTexts ofAllModules() throws IOException {
        JavadocTexts texts = new JavadocTexts();
        List<Path> files;
        try (Stream<Path> found = Files.walk(Path.of(".."))) {
            files = found.filter(file -> file.toString().contains("src/main/java")
                            && file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            texts.read(Files.readString(file));
        }
        return texts;
    }

    /** Reads one source. */
    void read(String source) {
        Deque<String> scopes = new ArrayDeque<>();
        String doc = "";
        String declared = "";
        Matcher token = TOKEN.matcher(source);
        while (token.find()) {
            if (token.group("doc") != null) {
                doc = token.group("doc").replaceAll("(?m)^\\s*\\*(?!/) ?|^/\\*\\*|\\*/$", "");
                member(name(scopes), doc, source.substring(token.end()));
            } else if (token.group("type") != null) {
                declared = token.group("type");
                String outer = name(scopes);
                type(outer.isEmpty() ? declared : outer + "." + declared, doc);
                doc = "";
            } else if (token.group("open") != null) {
                scopes.addLast(declared);
                declared = "";
            } else if (token.group("close") != null) {
                scopes.removeLast();
            }
        }
    }

    private static String name(Deque<String> scopes) {
        return String.join(
                ".", scopes.stream().filter(scope -> !scope.isEmpty()).toList());
    }

    private void member(String scope, String doc, String following) {
        Matcher member = MEMBER.matcher(following);
        if (member.lookingAt()) {
            String name = member.group(1) == null ? member.group(2) : member.group(1);
            summaries.put(scope + "." + name, firstSentence(doc));
        }
    }

    private void type(String name, String doc) {
        summaries.put(name, firstSentence(doc));
        Matcher param = PARAM.matcher(doc);
        while (param.find()) {
            params.put(name + "." + param.group(1), plain(param.group(2)));
        }
        List<String> linked = new ArrayList<>();
        Matcher link = LINK.matcher(doc);
        while (link.find()) {
            linked.add(link.group(1).replaceAll("^([a-z]\\w*\\.)+", ""));
        }
        links.put(name, linked);
    }

    /**
     * What a type, a method or a constant is: its first sentence, without the full stop; that of another type where it begins
     * with a link to it.
     */
    String summary(String name) {
        String own = summaries.getOrDefault(name, "");
        List<String> linked = links.getOrDefault(name, List.of());
        boolean pointsElsewhere = !linked.isEmpty() && own.startsWith("`" + linked.get(0) + "`");
        return pointsElsewhere ? summaries.getOrDefault(linked.get(0), own) : own;
    }

    /**
     * What a component of a record means: by the record's own words, by those of the accessor that an interface declares,
     * or by those of a type that the record's Javadoc links to.
     *
     * @param interfaces names of the interfaces of the record
     * @return empty if nothing is said
     */
    String component(String record, List<String> interfaces, String component) {
        String own = params.get(record + "." + component);
        if (own != null) {
            return own;
        }
        return Stream.concat(
                        interfaces.stream().map(each -> summaries.get(each + "." + component)),
                        links.getOrDefault(record, List.of()).stream().map(each -> params.get(each + "." + component)))
                .flatMap(found -> Optional.ofNullable(found).stream())
                .findFirst()
                .orElse("");
    }

    private static String firstSentence(String doc) {
        String text = plain(doc.replaceFirst("(?s)(?:^|\\s)@\\w+ .*", "").replaceFirst("(?s)<p>.*", ""));
        Matcher end = Pattern.compile("\\.\\s").matcher(text + " ");
        return end.find() ? text.substring(0, Math.min(end.start(), text.length())) : text;
    }

    private static String plain(String doc) {
        String text = doc.replaceAll("\\{@code\\s+([^}]*)\\}", "`$1`")
                .replaceAll("\\{@link\\s+[^\\s}]+\\s+([^}]*)\\}", "$1")
                .replaceAll("\\{@link\\s+(?:[a-z]\\w*\\.)*([^}]*)\\}", "`$1`")
                .replaceAll("<[^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }
}
