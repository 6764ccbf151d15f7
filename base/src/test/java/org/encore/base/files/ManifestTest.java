package org.encore.base.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.encore.base.files.Manifest.ManifestException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManifestTest {
    @TempDir
    private Path directory;

    @BeforeEach
    void fillAndWrite() throws IOException {
        Files.writeString(directory.resolve("model.bin"), "abc");
        Files.createDirectories(directory.resolve("value/deep"));
        Files.writeString(directory.resolve("value/deep/model.bin"), "");
        Manifest.write(directory);
    }

    @Test
    void listsEveryFileWithItsLengthAndDigest() throws IOException {
        String json = Files.readString(directory.resolve(Manifest.NAME));
        // The test vectors of FIPS 180-4 for "abc" and the empty text.
        assertTrue(json.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), json);
        assertTrue(json.contains("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), json);
        assertTrue(json.contains("\"value/deep/model.bin\""), json);
        Manifest.verify(directory);
    }

    @Test
    void writingAgainChangesNothing() throws IOException {
        byte[] first = Files.readAllBytes(directory.resolve(Manifest.NAME));
        Manifest.write(directory);
        assertEquals(new String(first, UTF_8), Files.readString(directory.resolve(Manifest.NAME)));
    }

    @Test
    void laterFilesDoNotMatter() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "sounds fine");
        Manifest.verify(directory);
    }

    @Test
    void aChangedByteIsFound() throws IOException {
        Files.writeString(directory.resolve("model.bin"), "abd");
        assertCorrupt("model.bin has another SHA-256 than when it was written");
    }

    @Test
    void aLostEndIsFound() throws IOException {
        Files.writeString(directory.resolve("model.bin"), "ab");
        assertCorrupt("model.bin has 2 bytes, but had 3 when it was written");
    }

    @Test
    void aMissingFileIsFound() throws IOException {
        Files.delete(directory.resolve("value/deep/model.bin"));
        assertCorrupt("value/deep/model.bin is missing");
    }

    @Test
    void aManifestThatIsNoneIsFound() throws IOException {
        rewrite("{\"format\": 1, \"files\": {\"model");
        assertCorrupt("manifest.json is not JSON");
        rewrite("[1]");
        assertCorrupt("manifest.json names no format or no files");
        rewrite("");
        assertCorrupt("manifest.json names no format or no files");
        rewrite("{\"format\": 1, \"files\": {\"../x\": {\"bytes\": 3, \"sha256\": \"\"}}}");
        assertCorrupt("manifest.json lists ../x, which lies outside");
        Files.delete(directory.resolve(Manifest.NAME));
        assertCorrupt("it holds no manifest.json, so it was never finished or is something else");
    }

    @Test
    void otherFormatsAreToldApart() throws IOException {
        rewrite("{\"format\": 2, \"files\": {}}");
        assertEquals(
                directory + ": has format 2, but this Encore reads formats up to 1: use a newer one",
                assertThrows(ManifestException.TooNew.class, () -> Manifest.verify(directory))
                        .getMessage());
        rewrite("{\"format\": 0, \"files\": {}}");
        assertEquals(
                directory + ": has format 0, but this Encore reads formats from 1 on: use the Encore that wrote it",
                assertThrows(ManifestException.TooOld.class, () -> Manifest.verify(directory))
                        .getMessage());
    }

    @Test
    void aMissingDirectoryIsNotACorruptOne() {
        assertThrows(NoSuchFileException.class, () -> Manifest.verify(directory.resolve("absent")));
    }

    private void rewrite(String json) throws IOException {
        Files.writeString(directory.resolve(Manifest.NAME), json);
    }

    private void assertCorrupt(String problem) {
        assertEquals(
                directory + ": is corrupt: " + problem,
                assertThrows(ManifestException.Corrupt.class, () -> Manifest.verify(directory))
                        .getMessage());
    }
}
