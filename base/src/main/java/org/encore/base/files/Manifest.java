package org.encore.base.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The list of a directory's files with their lengths and SHA-256, in {@code manifest.json}: it verifies that a checkpoint is complete and states its format.
 *
 * <p>It is written last and read first. Files that are added later are not checked.
 */
public final class Manifest {
    /** The file's name inside the directory. */
    public static final String NAME = "manifest.json";

    private static final int NEWEST_FORMAT = 1;
    private static final int OLDEST_FORMAT = 1;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Manifest() {}

    /** Lists every file that the directory holds, at any depth. */
    public static void write(Path directory) throws IOException {
        Map<String, Object> files = new LinkedHashMap<>();
        for (Path file : filesIn(directory)) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("bytes", Files.size(file));
            entry.put("sha256", sha256(file));
            files.put(directory.relativize(file).toString().replace(File.separatorChar, '/'), entry);
        }
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("format", NEWEST_FORMAT);
        manifest.put("files", files);
        AtomicFiles.write(directory.resolve(NAME), JSON.writeValueAsBytes(manifest));
    }

    /**
     * Checks every listed file.
     *
     * @throws ManifestException if the directory is corrupt, too new or too old
     * @throws NoSuchFileException if there is no such directory
     */
    public static void verify(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        JsonNode manifest = read(directory);
        JsonNode format = manifest.path("format");
        if (!format.isIntegralNumber() || !manifest.path("files").isObject()) {
            throw new ManifestException.Corrupt(directory, NAME + " names no format or no files");
        }
        if (format.longValue() > NEWEST_FORMAT) {
            throw new ManifestException.TooNew(directory, format.longValue(), NEWEST_FORMAT);
        }
        if (format.longValue() < OLDEST_FORMAT) {
            throw new ManifestException.TooOld(directory, format.longValue(), OLDEST_FORMAT);
        }
        for (Map.Entry<String, JsonNode> entry : manifest.path("files").properties()) {
            verify(directory, entry.getKey(), entry.getValue());
        }
    }

    private static JsonNode read(Path directory) throws IOException {
        try {
            return JSON.readTree(Files.readAllBytes(directory.resolve(NAME)));
        } catch (NoSuchFileException e) {
            throw new ManifestException.Corrupt(
                    directory, "it holds no " + NAME + ", so it was never finished or is something else", e);
        } catch (JsonProcessingException e) {
            throw new ManifestException.Corrupt(directory, NAME + " is not JSON", e);
        }
    }

    private static void verify(Path directory, String name, JsonNode entry) throws IOException {
        Path file = directory.resolve(name).normalize();
        if (!file.startsWith(directory.normalize())) {
            throw new ManifestException.Corrupt(directory, NAME + " lists " + name + ", which lies outside");
        }
        if (!Files.isRegularFile(file)) {
            throw new ManifestException.Corrupt(directory, name + " is missing");
        }
        long bytes = entry.path("bytes").asLong(-1);
        if (Files.size(file) != bytes) {
            throw new ManifestException.Corrupt(
                    directory, name + " has " + Files.size(file) + " bytes, but had " + bytes + " when it was written");
        }
        if (!sha256(file).equals(entry.path("sha256").asText())) {
            throw new ManifestException.Corrupt(directory, name + " has another SHA-256 than when it was written");
        }
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        Path manifest = directory.resolve(NAME);
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(manifest))
                    .sorted()
                    .toList();
        }
    }

    /** The SHA-256 of a file in lower-case hexadecimal digits. */
    public static String sha256(Path file) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The SHA-256 of a text in UTF-8, in lower-case hexadecimal digits. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Why a directory with a {@link Manifest} cannot be used: it is corrupt, too new or too old. */
    public abstract static sealed class ManifestException extends IOException {
        private ManifestException(Path directory, String problem, Throwable cause) {
            super(directory + ": " + problem, cause);
        }

        /** A file is missing, has another length or another content than when the manifest was written. */
        public static final class Corrupt extends ManifestException {
            Corrupt(Path directory, String problem, Throwable cause) {
                super(directory, "is corrupt: " + problem, cause);
            }

            Corrupt(Path directory, String problem) {
                this(directory, problem, null);
            }
        }

        /** A later Encore wrote the directory. */
        public static final class TooNew extends ManifestException {
            TooNew(Path directory, long version, int newest) {
                super(
                        directory,
                        "has format " + version + ", but this Encore reads formats up to " + newest
                                + ": use a newer one",
                        null);
            }
        }

        /** An earlier Encore wrote the directory, in a format that is no longer read. */
        public static final class TooOld extends ManifestException {
            TooOld(Path directory, long version, int oldest) {
                super(
                        directory,
                        "has format " + version + ", but this Encore reads formats from " + oldest
                                + " on: use the Encore that wrote it",
                        null);
            }
        }
    }
}
