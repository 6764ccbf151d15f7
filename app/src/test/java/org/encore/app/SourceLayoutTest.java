package org.encore.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a reader may rely on in every module's sources. */
final class SourceLayoutTest {
    private static final String PACKAGE_INFO = "package-info.java";
    private static final int MOST_LINES = 400;

    @ParameterizedTest
    @MethodSource("org.encore.app.Modules#names")
    void everyPackageIntroducesItself(String module) throws IOException {
        List<Path> silent = sources(Modules.folder(module).resolve("src/main/java")).stream()
                .map(Path::getParent)
                .distinct()
                .filter(each -> !Files.exists(each.resolve(PACKAGE_INFO)))
                .toList();
        assertEquals(List.of(), silent);
    }

    @ParameterizedTest
    @MethodSource("org.encore.app.Modules#names")
    void everyFileCanBeReadInOneSitting(String module) throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path source : sources(Modules.folder(module).resolve("src"))) {
            int lines = Files.readAllLines(source).size();
            if (lines > MOST_LINES) {
                tooLong.add(source + " has " + lines + " lines, but at most " + MOST_LINES + " may be");
            }
        }
        assertEquals(List.of(), tooLong);
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            List<Path> sources =
                    paths.filter(each -> each.toString().endsWith(".java")).toList();
            assertTrue(!sources.isEmpty(), "no source below " + root);
            return sources;
        }
    }
}
