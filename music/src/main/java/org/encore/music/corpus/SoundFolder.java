package org.encore.music.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.base.settings.Checks;
import org.encore.music.audio.SoundFiles;

/**
 * The sound files below a folder, without captions: what a codec learns from. The hash of a file's content decides whether it is held
 * out, so copies of one recording are on one side; at least one recording is on each. No sound is decoded here.
 */
public final class SoundFolder {
    private final List<Path> training = new ArrayList<>();
    private final List<Path> heldOut = new ArrayList<>();
    private final Map<Path, String> hashes = new HashMap<>();
    private final String fingerprint;

    /**
     * Lists a folder.
     *
     * @param folder searched recursively for WAV, FLAC, MP3 and Ogg Vorbis
     * @param heldOutPerCent share of files kept from training, in [1, 90]
     * @throws InvalidFileException if it is no folder, or holds fewer than two different sound files
     */
    public SoundFolder(Path folder, int heldOutPerCent) throws IOException {
        Checks.within("heldOutPerCent", heldOutPerCent, 1, 90);
        List<Path> files = files(folder);
        Digest digest = new Digest().add(Integer.toString(heldOutPerCent));
        for (Path file : files) {
            hashes.put(file, Manifest.sha256(file));
            digest.add(hashes.get(file));
        }
        fingerprint = "sound-" + digest.hex();
        List<String> distinct = hashes.values().stream()
                .distinct()
                .sorted(Comparator.comparingInt(SoundFolder::perCent).thenComparing(hash -> hash))
                .toList();
        if (distinct.size() < 2) {
            throw new InvalidFileException(
                    folder,
                    "holds " + distinct.size() + " different sound files (" + String.join(", ", SoundFiles.ENDINGS)
                            + "), but needs at least 2, one to be held out");
        }
        long share =
                distinct.stream().filter(hash -> perCent(hash) < heldOutPerCent).count();
        Set<String> kept = new HashSet<>(distinct.subList(0, (int) Math.max(1, Math.min(distinct.size() - 1, share))));
        files.forEach(file -> (kept.contains(hashes.get(file)) ? heldOut : training).add(file));
    }

    /**
     * The sound files below a folder, in the order of their paths.
     *
     * @throws InvalidFileException if it is no folder
     */
    public static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidFileException(folder, "is not a folder, but must be one with sound files in it");
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(SoundFiles::isSound)
                    .sorted(Comparator.comparing(
                            path -> folder.relativize(path).toString().replace('\\', '/')))
                    .toList();
        }
    }

    private static int perCent(String hash) {
        return new Digest().add(hash).perCent();
    }

    /** The files to train on; at least one. */
    public List<Path> training() {
        return training;
    }

    /** The held-out files of a split; the test has none if only one recording is held out. */
    public List<Path> heldOut(Split split) {
        Set<String> contents = split.of(heldOut.stream().map(hashes::get).toList());
        return heldOut.stream()
                .filter(file -> contents.contains(hashes.get(file)))
                .toList();
    }

    /** Identifies the contents: equal fingerprints give equal files on either side. One word. */
    public String fingerprint() {
        return fingerprint;
    }
}
