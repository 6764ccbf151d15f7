package org.encore.cluster;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import com.fasterxml.jackson.module.scala.DefaultScalaModule$;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** Encore and Spark bring the same libraries in different versions; there must be one of each, and it must do for both. */
class ClassPathTest {
    private static List<String> jars() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(each -> Path.of(each).getFileName().toString())
                .filter(each -> each.endsWith(".jar"))
                .toList();
    }

    @Test
    void everyLibraryIsThereOnce() {
        Map<String, List<String>> versions = new TreeMap<>(jars().stream()
                .filter(each -> each.matches(
                        "(jackson-(core|databind|annotations|module-scala.*|dataformat-.*)|log4j-.*|slf4j-.*"
                                + "|scala-library|hadoop-.*|spark-.*)-\\d.*"))
                .collect(Collectors.groupingBy(each -> each.replaceFirst("-\\d+\\.\\d.*", ""))));
        assertEquals(
                List.of(),
                versions.values().stream().filter(each -> each.size() > 1).toList());
        List<String> jackson = versions.entrySet().stream()
                .filter(each -> each.getKey().startsWith("jackson-"))
                .map(each -> each.getValue().get(0).replaceFirst(".*-(\\d+\\.\\d+).*\\.jar", "$1"))
                .distinct()
                .toList();
        assertEquals(1, jackson.size(), "Jackson's parts must be of one version: " + versions);
        List<String> logging = versions.entrySet().stream()
                .filter(each -> each.getKey().startsWith("log4j-"))
                .map(each -> each.getValue().get(0).replaceFirst(".*-(\\d+\\.\\d+\\.\\d+).*\\.jar", "$1"))
                .distinct()
                .toList();
        assertEquals(1, logging.size(), "Log4j's parts must be of one version: " + versions);
    }

    /** Encore's server has a newer API of servlets, without what Spark's master needs. */
    @Test
    void servletsAreThoseOfSpark() {
        assertDoesNotThrow(() -> Class.forName("jakarta.servlet.SingleThreadModel"));
    }

    /** The Scala module refuses any other version than its own. */
    @Test
    void sparksModuleWorksWithEncoresJackson() throws IOException {
        ObjectMapper mapper = new ObjectMapper().registerModule(DefaultScalaModule$.MODULE$);
        assertEquals("[1,\"a\"]", mapper.writeValueAsString(new Tuple2<>(1, "a")));
        assertEquals(
                PackageVersion.VERSION.getMinorVersion(),
                DefaultScalaModule$.MODULE$.version().getMinorVersion());
    }
}
