package org.encore.model.decoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.TextTokenizer.TextBatch;
import org.encore.model.text.WordTokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeBatchTest {
    private static final int S = 99;
    private static final int N = DelayPattern.NO_TARGET;
    private static final TextBatch TEXT = new TextBatch(2, 1, new int[] {4, 5}, new float[] {1, 1});

    @TempDir
    Path directory;

    /** Two codebooks; three frames and one; padded to six steps, the size of the buffers. */
    @Test
    void sequencesOfDifferentLengthAreLaidOut() {
        List<int[][]> codes = List.of(new int[][] {{1, 2, 3}, {4, 5, 6}}, new int[][] {{7}, {8}});
        CodeBatch batch = CodeBatch.of(new DelayPattern(2, S), codes, TEXT, 6);
        int[][] inputs = {
            {S, 1, 2, 3, S, S, S, 7, S, S, S, S},
            {S, S, 4, 5, S, S, S, S, S, S, S, S}
        };
        int[][] targets = {
            {1, 2, 3, N, N, N, 7, N, N, N, N, N},
            {N, 4, 5, 6, N, N, N, 8, N, N, N, N}
        };
        assertArrayEquals(inputs, batch.inputs().inputs());
        assertArrayEquals(targets, batch.targets());
        assertArrayEquals(new int[] {4, 2}, batch.steps());
        assertEquals(8, batch.targetCount());
        assertEquals(6, batch.shape().steps());
        assertEquals(
                16,
                CodeBatch.of(new DelayPattern(2, S), codes, TEXT, 100).shape().steps());
        assertThrows(IllegalArgumentException.class, () -> CodeBatch.of(new DelayPattern(2, S), codes, TEXT, 3));
    }

    @Test
    void microBatchesAreCutByLength() throws IOException {
        WordTokenizer.write(List.of("<pad>", "</s>", "<unk>", "a", "b"), directory);
        List<CodeSequence> sequences = List.of(
                CodeSequence.of(new int[][] {{1}}, "a"),
                CodeSequence.of(new int[][] {{2, 2, 2}}, "b"),
                new CodeSequence(new int[][] {{3}}, "a", false),
                CodeSequence.of(new int[][] {{4, 4}}, "b"));
        try (TextTokenizer tokenizer = TextTokenizer.load(directory, 8)) {
            List<CodeBatcher.MicroBatch> microBatches =
                    new CodeBatcher(new DelayPattern(1, S), tokenizer, 16).cut(sequences, 3);
            assertEquals(2, microBatches.size());
            assertArrayEquals(new int[] {1, 3, 0}, microBatches.get(0).members());
            assertArrayEquals(new int[] {2}, microBatches.get(1).members());
            assertArrayEquals(new int[] {3, 2, 1}, microBatches.get(0).batch().steps());
            assertEquals(6, microBatches.get(0).batch().targetCount());
            assertArrayEquals(
                    new float[] {1, 1, 0, 0, 0, 0, 0, 0},
                    Arrays.copyOf(microBatches.get(0).batch().inputs().textValidity(), 8));
            // The caption of the last sequence is hidden.
            assertArrayEquals(new float[8], microBatches.get(1).batch().inputs().textValidity());
        }
    }
}
