package org.encore.model.learning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.WordTokenizer;
import org.encore.model.transformer.TinyModels;

/** Training data of tiny models: eleven words, and random codes with captions of these words. */
final class Lessons {
    static final int MAX_STEPS = 24;

    private static final List<String> WORDS =
            List.of("<pad>", "</s>", "<unk>", "a", "slow", "fast", "waltz", "for", "piano", "two", "flutes");
    private static final List<String> PROMPTS = List.of("a slow waltz", "fast", "a waltz for two flutes");

    private Lessons() {}

    static TextTokenizer tokenizer(Path directory) throws IOException {
        WordTokenizer.write(WORDS, directory);
        return TextTokenizer.load(directory, 8);
    }

    /** Sequences of these numbers of frames in one codebook. */
    static List<CodeSequence> sequences(int... frames) {
        List<CodeSequence> sequences = new ArrayList<>();
        for (int i = 0; i < frames.length; i++) {
            RandomGenerator random = new RandomStreams(17).stream(Purpose.NOISE, i, frames[i]);
            int[] codes = random.ints(frames[i], 0, TinyModels.VOCABULARY).toArray();
            sequences.add(CodeSequence.of(new int[][] {codes}, PROMPTS.get(i % PROMPTS.size())));
        }
        return sequences;
    }
}
