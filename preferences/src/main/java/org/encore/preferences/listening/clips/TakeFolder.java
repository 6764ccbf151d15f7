package org.encore.preferences.listening.clips;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.SoundFiles;

/** A folder with the takes of one system. */
public final class TakeFolder {
    /** The endings of clips, in the order of preference for files of the same name. */
    private static final List<String> ENDINGS = Stream.concat(
                    SoundFiles.ENDINGS.stream(), Stream.of(".mid", ".midi", ".rmi"))
            .toList();

    private static final Logger LOG = LogManager.getLogger(TakeFolder.class);
    private static final int LONGEST_PROMPT = 2000;
    private static final int MOST_PROMPT_BYTES = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String system;
    private final Path folder;

    public TakeFolder(String system, Path folder) {
        this.system = system;
        this.folder = folder;
    }

    /**
     * Lists the takes by their keys.
     *
     * @throws InvalidFileException if the folder is missing, has no clips, or a prompt cannot be read
     */
    public SortedMap<String, Take> takes() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InvalidFileException(
                    folder,
                    (Files.exists(folder) ? "is not a folder" : "does not exist")
                            + ", but must be a folder of clips of " + system);
        }
        SortedMap<String, Take> takes = new TreeMap<>();
        for (Path file : files()) {
            String key = withoutEnding(file);
            if (!takes.containsKey(key)) {
                takes.put(key, new Take(system, key, prompt(key), file));
            }
        }
        if (takes.isEmpty()) {
            throw new InvalidFileException(
                    folder, "has no clips of " + system + " (" + String.join(", ", ENDINGS) + ")");
        }
        return takes;
    }

    /** Files with an ending of clips, those of the preferred ending first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            List<Path> all = paths.filter(Files::isRegularFile).sorted().toList();
            all.stream()
                    .filter(SoundFiles::isOtherSound)
                    .forEach(file -> LOG.warn("{}: is left out: sound of this kind cannot be read", file));
            return ENDINGS.stream()
                    .flatMap(ending -> all.stream().filter(file -> ending.equals(ending(file))))
                    .toList();
        }
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }

    private static String withoutEnding(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private String prompt(String key) throws IOException {
        Path json = folder.resolve(key + ".json");
        Path text = folder.resolve(key + ".txt");
        String prompt = "";
        if (Files.isRegularFile(json)) {
            prompt = promptIn(json);
        } else if (Files.isRegularFile(text)) {
            prompt = new String(bytes(text), StandardCharsets.UTF_8).strip();
        }
        if (prompt.length() > LONGEST_PROMPT) {
            throw new InvalidFileException(
                    folder.resolve(key),
                    "has a prompt of " + prompt.length() + " characters, but at most " + LONGEST_PROMPT
                            + " can be shown");
        }
        return prompt;
    }

    private static String promptIn(Path json) throws IOException {
        try {
            JsonNode prompt = JSON.readTree(bytes(json)).path("prompt");
            return prompt.isTextual() ? prompt.textValue().strip() : "";
        } catch (JsonProcessingException e) {
            throw new InvalidFileException(json, "is not JSON, but lies beside a clip and should name its prompt", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        if (Files.size(file) > MOST_PROMPT_BYTES) {
            throw new InvalidFileException(file, "is longer than " + MOST_PROMPT_BYTES + " bytes: hardly a prompt");
        }
        return Files.readAllBytes(file);
    }

    /**
     * One clip of one system.
     *
     * @param system name of the system
     * @param key the same for takes of the same prompt in all systems
     * @param prompt the prompt; empty if unknown
     * @param file sound or MIDI
     */
    public record Take(String system, String key, String prompt, Path file) {}

    /**
     * Two takes that are compared.
     *
     * @param match number of the two systems
     * @param prompt the prompt of both; empty if unknown
     * @param a take of the system that the configuration names first
     * @param b take of the other
     */
    public record TakePair(int match, String prompt, Take a, Take b) {
        /**
         * Pairs the takes with the same key of every two systems.
         *
         * @param takes of each system, by key
         * @throws InvalidFileException if two takes with the same key have different prompts
         */
        public static List<TakePair> of(List<? extends SortedMap<String, Take>> takes) {
            List<TakePair> pairings = new ArrayList<>();
            for (int i = 0; i < takes.size(); i++) {
                for (int j = i + 1; j < takes.size(); j++) {
                    int match = i * takes.size() + j;
                    for (Map.Entry<String, Take> entry : takes.get(i).entrySet()) {
                        Take other = takes.get(j).get(entry.getKey());
                        if (other != null) {
                            pairings.add(of(match, entry.getValue(), other));
                        }
                    }
                }
            }
            return pairings;
        }

        private static TakePair of(int match, Take a, Take b) {
            if (!a.prompt().isEmpty() && !b.prompt().isEmpty() && !a.prompt().equals(b.prompt())) {
                throw new InvalidFileException(
                        b.file(),
                        "was made for \"" + b.prompt() + "\", but " + a.file() + " for \"" + a.prompt()
                                + "\": files of the same name are compared, so they must answer the same prompt");
            }
            return new TakePair(match, a.prompt().isEmpty() ? b.prompt() : a.prompt(), a, b);
        }
    }
}
