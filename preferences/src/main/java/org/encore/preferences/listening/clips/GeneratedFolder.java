package org.encore.preferences.listening.clips;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.encore.base.files.Manifest;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.codec.Clip;
import org.encore.music.codec.ClipFiles;
import org.encore.preferences.listening.clips.TakeFolder.Take;

/**
 * The folder of a checkpoint's generated clips: WAV, MIDI for clips with notes, and the prompt as JSON.
 *
 * <p>Its name contains a digest of weights, temperature, seed and steering, and the name of a file a digest of its prompt, so
 * that an existing file equals what the checkpoint would generate again, in any order of prompts.
 */
public final class GeneratedFolder {
    private final ClipSource.Checkpoint system;
    private final Path folder;
    private final RandomStreams streams;
    private final CheckpointGenerator generator;

    /**
     * Chooses the folder below {@code clips}, without writing anything.
     *
     * @param seed seed of the sampling
     * @param generator what will generate the clips
     */
    public GeneratedFolder(ClipSource.Checkpoint system, Path clips, long seed, CheckpointGenerator generator)
            throws IOException {
        this.system = system;
        this.streams = new RandomStreams(seed);
        this.generator = generator;
        List<String> identity = new ArrayList<>(List.of(Double.toString(system.temperature()), Long.toString(seed)));
        try (Stream<Path> files = Files.list(system.checkpoint())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList()) {
                identity.add(Manifest.sha256(file));
            }
        }
        identity.addAll(generator.identity(system));
        this.folder = clips.resolve(system.name() + "-" + digest(String.join(" ", identity)));
    }

    /** The takes of prompts, by key; generates the missing ones. */
    public SortedMap<String, Take> takes(List<String> prompts) throws IOException {
        List<String> missing = prompts.stream()
                .filter(prompt -> !Files.exists(file(prompt, ".wav")))
                .toList();
        if (!missing.isEmpty()) {
            List<Clip> generated = generator.generate(system, missing, index -> stream(missing.get(index)));
            for (int i = 0; i < missing.size(); i++) {
                String prompt = missing.get(i);
                ClipFiles.write(folder, key(prompt), generated.get(i), 0.0, prompt, Map.of());
            }
        }
        SortedMap<String, Take> takes = new TreeMap<>();
        for (String prompt : prompts) {
            takes.put(key(prompt), new Take(system.name(), key(prompt), prompt, file(prompt, ".wav")));
        }
        return takes;
    }

    private RandomGenerator stream(String prompt) {
        long index = ByteBuffer.wrap(HexFormat.of().parseHex(digest(prompt))).getLong();
        return streams.stream(Purpose.SAMPLING, index);
    }

    private Path file(String prompt, String ending) {
        return folder.resolve(key(prompt) + ending);
    }

    private static String key(String prompt) {
        return digest(prompt);
    }

    /** 64 bits of a text's SHA-256, as 16 hexadecimal digits. */
    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, Long.BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Generates clips with a checkpoint; implemented by the command, which knows threads and memory of the machine. */
    public interface CheckpointGenerator {
        /**
         * Checks that a checkpoint can generate clips, without loading its weights.
         *
         * @throws IllegalArgumentException or a kind of {@link IOException} in one line
         */
        void check(ClipSource.Checkpoint system) throws IOException;

        /** What clips depend on beside the weights, the temperature and the seed: nothing, if it is not steered. */
        default List<String> identity(ClipSource.Checkpoint system) throws IOException {
            return List.of();
        }

        /**
         * Generates one clip for each prompt.
         *
         * @param streams random stream of each clip, by the index of its prompt
         */
        List<Clip> generate(ClipSource.Checkpoint system, List<String> prompts, IntFunction<RandomGenerator> streams)
                throws IOException;
    }
}
