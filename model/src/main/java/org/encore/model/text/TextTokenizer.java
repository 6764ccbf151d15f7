package org.encore.model.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.encore.base.files.InvalidFileException;

/** Turns prompts into padded batches of ids. */
public final class TextTokenizer implements AutoCloseable {
    public static final String FILE = "tokenizer.json";
    /** The most tokens of a prompt unless a caller says otherwise: captions of a few sentences. */
    public static final int MAX_TOKENS = 64;
    /** Lengths are rounded up to a multiple of this, so that few shapes occur. */
    private static final int ROUNDING = 8;

    private static final int UNKNOWN = 2;

    private final HuggingFaceTokenizer tokenizer;
    private final Path file;
    private final int maxTokens;

    /** {@code tokenizer} and {@code file} are null for models that read no text. */
    private TextTokenizer(HuggingFaceTokenizer tokenizer, Path file, int maxTokens) {
        this.tokenizer = tokenizer;
        this.file = file;
        this.maxTokens = maxTokens;
    }

    /**
     * Loads {@code tokenizer.json} from a model directory.
     *
     * @param maxTokens the most tokens a prompt may have; longer prompts are cut, keeping the end token
     * @throws InvalidFileException if the file is missing or not understood
     */
    public static TextTokenizer load(Path directory, int maxTokens) throws IOException {
        return ofFile(directory.resolve(FILE), maxTokens);
    }

    /**
     * Loads a file of the Hugging Face format.
     *
     * @param maxTokens the most tokens a prompt may have; longer prompts are cut, keeping the end token
     * @throws InvalidFileException if the file is missing or not understood
     */
    public static TextTokenizer ofFile(Path file, int maxTokens) throws IOException {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", but must be at least 1");
        }
        if (!Files.isRegularFile(file)) {
            throw new InvalidFileException(
                    file, "there is no such file; a model that reads prompts needs its tokenizer");
        }
        try {
            Map<String, String> options = Map.of(
                    "addSpecialTokens", "true",
                    "truncation", "true",
                    "maxLength", Integer.toString(maxTokens),
                    "padding", "false");
            return new TextTokenizer(HuggingFaceTokenizer.newInstance(file, options), file, maxTokens);
        } catch (RuntimeException e) {
            throw new InvalidFileException(file, "the tokenizer cannot be read: " + e.getMessage(), e);
        }
    }

    /** For models that read no text: every prompt has no tokens. */
    public static TextTokenizer none() {
        return new TextTokenizer(null, null, 0);
    }

    /** Copies the file it was loaded from into a model directory; nothing for models that read no text. */
    public void copyTo(Path directory) throws IOException {
        if (file != null) {
            Files.copy(file, directory.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The most tokens of a prompt, rounded up as batches are; 0 for models that read no text. */
    public int capacity() {
        return tokenizer == null ? 0 : roundUp(maxTokens);
    }

    /** The {@link #capacity} of tokenizers of {@link #MAX_TOKENS}. */
    public static int mostTokens() {
        return roundUp(MAX_TOKENS);
    }

    /** Ids of one prompt, end token included. */
    public int[] encode(String prompt) {
        if (tokenizer == null) {
            return new int[0];
        }
        long[] ids = tokenizer.encode(prompt).getIds();
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = Math.toIntExact(ids[i]);
        }
        return result;
    }

    /** The words of a prompt that the vocabulary does not have. */
    public List<String> unknownWords(String prompt) {
        if (tokenizer == null) {
            return List.of();
        }
        Encoding encoding = tokenizer.encode(prompt);
        List<String> unknown = new ArrayList<>();
        long[] ids = encoding.getIds();
        CharSpan[] spans = encoding.getCharTokenSpans();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == UNKNOWN) {
                // Spans count code points.
                int start = prompt.offsetByCodePoints(0, spans[i].getStart());
                int end = prompt.offsetByCodePoints(0, spans[i].getEnd());
                unknown.add(prompt.substring(start, end));
            }
        }
        return unknown;
    }

    /** Encodes and pads. */
    public TextBatch batch(List<String> prompts) {
        if (tokenizer == null) {
            return new TextBatch(prompts.size(), 0, new int[0], new float[0]);
        }
        List<int[]> all = prompts.stream().map(this::encode).toList();
        int tokens = roundUp(all.stream().mapToInt(ids -> ids.length).max().orElse(1));
        int[] ids = new int[all.size() * tokens];
        float[] validity = new float[ids.length];
        for (int b = 0; b < all.size(); b++) {
            int[] one = all.get(b);
            System.arraycopy(one, 0, ids, b * tokens, one.length);
            Arrays.fill(validity, b * tokens, b * tokens + one.length, 1.0f);
        }
        return new TextBatch(all.size(), tokens, ids, validity);
    }

    private static int roundUp(int tokens) {
        return Math.max((tokens + ROUNDING - 1) / ROUNDING, 1) * ROUNDING;
    }

    @Override
    public void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    /**
     * Tokenised prompts, padded to one length.
     *
     * @param batch prompts B
     * @param tokens tokens S of each
     * @param ids token ids, {@code [B * S]}
     * @param validity 1 where a token is real, 0 where it is padding, {@code [B * S]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record TextBatch(int batch, int tokens, int[] ids, float[] validity) {
        /** The same prompts with all text masked: the null condition of classifier-free guidance. */
        public TextBatch withoutText() {
            return new TextBatch(batch, tokens, ids, new float[validity.length]);
        }

        /** Masks one prompt. */
        public void hide(int prompt) {
            Arrays.fill(validity, prompt * tokens, (prompt + 1) * tokens, 0.0f);
        }

        /** This batch followed by another of the same length. */
        public TextBatch followedBy(TextBatch other) {
            if (other.tokens != tokens) {
                throw new IllegalArgumentException(
                        "prompts of " + tokens + " and " + other.tokens + " tokens do not mix");
            }
            int[] allIds = Arrays.copyOf(ids, ids.length + other.ids.length);
            System.arraycopy(other.ids, 0, allIds, ids.length, other.ids.length);
            float[] allValidity = Arrays.copyOf(validity, validity.length + other.validity.length);
            System.arraycopy(other.validity, 0, allValidity, validity.length, other.validity.length);
            return new TextBatch(batch + other.batch, tokens, allIds, allValidity);
        }
    }
}
