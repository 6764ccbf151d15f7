package org.encore.run;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.encore.base.files.AtomicFiles;

/**
 * Where a run came from: what is needed to reproduce it.
 *
 * @param inputs inputs of the run
 * @param commit the commit of the code, or {@code unknown}
 * @param java version and vendor of Java
 * @param os name, version and architecture of the operating system
 * @param startedAt time of the start, in ISO 8601 and UTC
 */
public record Provenance(Inputs inputs, String commit, String java, String os, String startedAt) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * The inputs of a run.
     *
     * @param command the command as typed, with all overridden settings
     * @param configFingerprint SHA-256 of the resolved configuration
     * @param dataFingerprints SHA-256 of each data set and each model that the run reads, by name
     * @param seed seed of all random streams
     * @param backend the ND4J backend and its version
     */
    public record Inputs(
            String command, String configFingerprint, Map<String, String> dataFingerprints, long seed, String backend) {
        public Inputs {
            dataFingerprints = Collections.unmodifiableMap(new TreeMap<>(dataFingerprints));
        }
    }

    /**
     * Collects the provenance of a run that starts now.
     *
     * @param home the directory of the code, whose commit is recorded
     */
    public static Provenance gather(Inputs inputs, Path home, Clock clock) {
        return new Provenance(
                inputs,
                GitCommit.of(home).orElse("unknown"),
                property("java.version") + " (" + property("java.vendor") + ")",
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                clock.instant().toString());
    }

    /** Writes the provenance as JSON. */
    public void write(Path file) throws IOException {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("command", inputs.command());
        tree.put("commit", commit);
        tree.put("config_sha256", inputs.configFingerprint());
        tree.put("data_sha256", inputs.dataFingerprints());
        tree.put("seed", inputs.seed());
        tree.put("backend", inputs.backend());
        tree.put("java", java);
        tree.put("os", os);
        tree.put("started_at", startedAt);
        AtomicFiles.write(file, JSON.writeValueAsBytes(tree));
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    /** Reads the checked-out commit from a {@code .git} directory, without the git program. */
    static final class GitCommit {
        private static final String REFERENCE = "ref: ";
        private static final String LINK = "gitdir: ";

        private GitCommit() {}

        /**
         * Finds the commit.
         *
         * @param tree the root of a working tree
         * @return its hexadecimal name; empty if it cannot be determined
         */
        static Optional<String> of(Path tree) {
            try {
                Path git = tree.resolve(".git");
                if (Files.isRegularFile(git)) {
                    // A linked working tree or a submodule.
                    git = tree.resolve(firstLine(git).substring(LINK.length()));
                }
                String head = firstLine(git.resolve("HEAD"));
                return head.startsWith(REFERENCE) ? commit(git, head.substring(REFERENCE.length())) : hexadecimal(head);
            } catch (IOException | RuntimeException unreadable) {
                return Optional.empty();
            }
        }

        private static Optional<String> commit(Path git, String reference) throws IOException {
            Path common = Files.isRegularFile(git.resolve("commondir"))
                    ? git.resolve(firstLine(git.resolve("commondir")))
                    : git;
            if (Files.isRegularFile(common.resolve(reference))) {
                return hexadecimal(firstLine(common.resolve(reference)));
            }
            for (String line : Files.readAllLines(common.resolve("packed-refs"))) {
                if (line.endsWith(" " + reference)) {
                    return hexadecimal(line.substring(0, line.indexOf(' ')));
                }
            }
            return Optional.empty();
        }

        private static Optional<String> hexadecimal(String text) {
            return text.matches("[0-9a-f]{40}([0-9a-f]{24})?") ? Optional.of(text) : Optional.empty();
        }

        private static String firstLine(Path file) throws IOException {
            return Files.readString(file).lines().findFirst().orElse("").strip();
        }
    }
}
