package org.encore.model.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.sentencepiece.SpProcessor;
import ai.djl.sentencepiece.SpTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;

/**
 * Turns prompts into padded batches of ids, by {@code tokenizer.json} or, where there is none, by {@code spiece.model}
 * alone.
 */
public final class TextTokenizer implements AutoCloseable {
    public static final String FILE = "tokenizer.json";

    /** A SentencePiece model, as T5 has it. */
    public static final String PIECES = "spiece.model";

    /** What may stand beside them and other readers of the layout look for. */
    private static final List<String> COMPANIONS = List.of("tokenizer_config.json", "special_tokens_map.json");

    /** The most tokens of a prompt unless a caller says otherwise: captions of a few sentences. */
    public static final int MAX_TOKENS = 64;

    /** The most tokens that generation reads: what T5 was trained on. */
    public static final int MOST_TOKENS = 512;

    /** Lengths are rounded up to a multiple of this, so that few shapes occur. */
    private static final int ROUNDING = 8;

    private static final Logger LOGGER = LogManager.getLogger(TextTokenizer.class);

    /** The beginning of a cut prompt in the log. */
    private static final int SHOWN = 60;

    private final Encoder tokenizer;
    private final Path file;
    private final int maxTokens;

    /** Hashes of the prompts that were cut. */
    private final Set<Integer> cut = ConcurrentHashMap.newKeySet();

    /** {@code tokenizer} and {@code file} are null for models that read no text. */
    private TextTokenizer(Encoder tokenizer, Path file, int maxTokens) {
        this.tokenizer = tokenizer;
        this.file = file;
        this.maxTokens = maxTokens;
    }

    /**
     * Loads {@code tokenizer.json} from a model directory, or {@code spiece.model} if there is no other.
     *
     * @param maxTokens the most tokens a prompt may have; longer prompts are cut, keeping the end token; the first is logged, and
     *     their number when the tokenizer is closed
     * @throws InvalidFileException if the file is missing or not understood
     */
    public static TextTokenizer load(Path directory, int maxTokens) throws IOException {
        Path pieces = directory.resolve(PIECES);
        boolean alone = Files.isRegularFile(pieces) && !Files.exists(directory.resolve(FILE));
        return ofFile(alone ? pieces : directory.resolve(FILE), maxTokens);
    }

    /**
     * Loads a file of the Hugging Face format, or a SentencePiece model if its name ends in {@code .model}.
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
                    file,
                    "there is no such file; a model that reads prompts needs its tokenizer, " + FILE + " or " + PIECES);
        }
        try {
            Encoder encoder = file.toString().endsWith(".model")
                    ? PieceEncoder.of(Files.readAllBytes(file), maxTokens)
                    : FileEncoder.of(file, maxTokens);
            return new TextTokenizer(encoder, file, maxTokens);
        } catch (InvalidFileException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new InvalidFileException(file, "the tokenizer cannot be read: " + e.getMessage(), e);
        }
    }

    /** For models that read no text: every prompt has no tokens. */
    public static TextTokenizer none() {
        return new TextTokenizer(null, null, 0);
    }

    /**
     * Copies the file it was loaded from into a model directory, with what belongs to it; nothing for models that read no
     * text.
     */
    public void copyTo(Path directory) throws IOException {
        if (file == null) {
            return;
        }
        boolean isPieces = file.toString().endsWith(".model");
        Files.copy(file, directory.resolve(isPieces ? PIECES : FILE), StandardCopyOption.REPLACE_EXISTING);
        for (String name : isPieces ? COMPANIONS : List.of(PIECES, COMPANIONS.get(0), COMPANIONS.get(1))) {
            Path companion = file.resolveSibling(name);
            if (Files.isRegularFile(companion)) {
                Files.copy(companion, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
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

    /**
     * Ids of one prompt, end token included.
     *
     * @throws InvalidFileException if the file has no ids for some of its words
     */
    public int[] encode(String prompt) {
        if (tokenizer == null) {
            return new int[0];
        }
        Ids ids = encoded(prompt);
        if (ids.cut() && cut.add(prompt.hashCode()) && cut.size() == 1) {
            LOGGER.warn(
                    "a prompt has more than {} tokens, and what follows is not read: \"{}…\"",
                    maxTokens,
                    prompt.substring(0, Math.min(SHOWN, prompt.length())));
        }
        return ids.values();
    }

    /** Number of different prompts that were cut so far. */
    public int cutPrompts() {
        return cut.size();
    }

    private Ids encoded(String prompt) {
        try {
            return tokenizer.ids(prompt);
        } catch (RuntimeException e) {
            throw new InvalidFileException(file, "cannot turn \"" + prompt + "\" into ids: " + e.getMessage(), e);
        }
    }

    /** The words of a prompt that the vocabulary does not have. */
    public List<String> unknownWords(String prompt) {
        if (tokenizer == null) {
            return List.of();
        }
        try {
            return tokenizer.unknownWords(prompt);
        } catch (RuntimeException e) {
            throw new InvalidFileException(file, "cannot turn \"" + prompt + "\" into ids: " + e.getMessage(), e);
        }
    }

    /**
     * The words of the vocabulary, the most frequent first where Encore wrote it; empty where it has pieces of words, which
     * spell any text, and for models that read none.
     */
    public List<String> words() throws IOException {
        return file == null || file.toString().endsWith(".model") ? List.of() : TokenizerFile.words(file);
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
        if (cut.size() > 1) {
            LOGGER.warn("{} different prompts had more than {} tokens and were cut", cut.size(), maxTokens);
        }
        if (tokenizer != null) {
            tokenizer.close();
        }
    }

    /** Ids of a prompt, and whether there would be more. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    private record Ids(int[] values, boolean cut) {}

    /** What one of the libraries does; safe to use from several threads. */
    private interface Encoder extends AutoCloseable {
        Ids ids(String prompt);

        List<String> unknownWords(String prompt);

        @Override
        void close();
    }

    /** {@code tokenizer.json}, by Hugging Face's tokenizers. */
    private record FileEncoder(HuggingFaceTokenizer tokenizer) implements Encoder {
        private static final int UNKNOWN = 2;

        static FileEncoder of(Path file, int maxTokens) throws IOException {
            Map<String, String> options = Map.of(
                    "addSpecialTokens", "true",
                    "truncation", "true",
                    "maxLength", Integer.toString(maxTokens),
                    "padding", "false");
            byte[] description = TokenizerFile.read(file);
            return new FileEncoder(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(description), options));
        }

        @Override
        public Ids ids(String prompt) {
            Encoding encoding = tokenizer.encode(prompt);
            long[] ids = encoding.getIds();
            int[] result = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                result[i] = Math.toIntExact(ids[i]);
            }
            return new Ids(result, encoding.exceedMaxLength());
        }

        @Override
        public List<String> unknownWords(String prompt) {
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

        @Override
        public void close() {
            tokenizer.close();
        }
    }

    /**
     * A SentencePiece model, by SentencePiece.
     *
     * @param end id of the end token that follows each text; -1 if the model has none
     * @param unknown id of what the model does not know
     */
    private record PieceEncoder(SpTokenizer tokenizer, int end, int unknown, int maxTokens) implements Encoder {
        private static final String END = "</s>";

        static PieceEncoder of(byte[] model, int maxTokens) {
            SpTokenizer tokenizer = new SpTokenizer(model);
            SpProcessor processor = tokenizer.getProcessor();
            int end = processor.getId(END);
            return new PieceEncoder(
                    tokenizer, END.equals(processor.getToken(end)) ? end : -1, processor.getId("<unk>"), maxTokens);
        }

        @Override
        public Ids ids(String prompt) {
            int[] ids = tokenizer.getProcessor().encode(prompt);
            int ends = end < 0 ? 0 : 1;
            int[] result = Arrays.copyOf(ids, Math.min(ids.length, maxTokens - ends) + ends);
            if (ends > 0) {
                result[result.length - 1] = end;
            }
            return new Ids(result, ids.length + ends > maxTokens);
        }

        @Override
        public List<String> unknownWords(String prompt) {
            return Arrays.stream(prompt.strip().split("\\s+", -1))
                    .filter(word ->
                            Arrays.stream(tokenizer.getProcessor().encode(word)).anyMatch(id -> id == unknown))
                    .toList();
        }

        @Override
        public void close() {
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
