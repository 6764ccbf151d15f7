package org.encore.preferences.listening.clips;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.base.settings.Checks;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.Split;
import org.encore.music.text.Prompt;

/** Source of the prompts that checkpoints generate for. */
public sealed interface PromptSource {
    /** Largest number of prompts. */
    int MOST = 10_000;

    /**
     * The prompts, without repetitions, in their order.
     *
     * @throws InvalidFileException if the file is missing or malformed
     */
    List<String> prompts() throws IOException;

    /**
     * Prompts in the configuration.
     *
     * @param texts the prompts, at most 10000, none blank
     */
    record Texts(List<String> texts) implements PromptSource {
        public Texts {
            texts = List.copyOf(texts);
            if (texts.isEmpty() || texts.size() > MOST || texts.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("texts must be a list of 1 to " + MOST + " prompts, none blank");
            }
        }

        @Override
        public List<String> prompts() {
            return texts.stream().map(String::strip).distinct().toList();
        }
    }

    /**
     * Prompts in a UTF-8 text file, one per line; blank lines are skipped.
     *
     * @param file the text file
     */
    record Lines(Path file) implements PromptSource {
        private static final int MOST_BYTES = 16 << 20;

        @Override
        public List<String> prompts() throws IOException {
            if (!Files.isRegularFile(file)) {
                throw new InvalidFileException(file, "does not exist, but should be a text file with a prompt a line");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new InvalidFileException(file, "is longer than " + MOST_BYTES + " bytes");
            }
            try {
                List<String> prompts = Files.readAllLines(file).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .distinct()
                        .toList();
                if (prompts.isEmpty() || prompts.size() > MOST) {
                    throw new InvalidFileException(
                            file, "has " + prompts.size() + " prompts, but must have 1 to " + MOST);
                }
                return prompts;
            } catch (CharacterCodingException e) {
                throw new InvalidFileException(file, "is not text in UTF-8", e);
            }
        }
    }

    /**
     * Captions of held-out études, on which no shipped model was trained.
     *
     * @param count number of captions
     * @param seed seed of the études
     * @param split development to choose by, test for final figures
     */
    record Etudes(int count, long seed, Split split) implements PromptSource {
        public Etudes {
            Checks.within("count", count, 1, MOST);
        }

        public static Etudes defaults() {
            return new Etudes(20, 1, Split.DEVELOPMENT);
        }

        @Override
        public List<String> prompts() {
            return new EtudeCorpus(seed)
                    .on(split).heldOutPrompts(count).stream()
                            .map(Prompt::text)
                            .distinct()
                            .toList();
        }
    }
}
