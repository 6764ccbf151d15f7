package org.encore.model.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.model.kernels.Dropout;
import org.encore.model.text.TextTokenizer;
import org.encore.model.text.TextTokenizer.TextBatch;

/** Cuts a batch into micro-batches of similar lengths, to compute little padding. */
public final class CodeBatcher {
    private final CodeLayout layout;
    private final TextTokenizer tokenizer;
    private final int maxSteps;
    private final Optional<FrozenText> text;

    /**
     * A micro-batch and the indices of its sequences.
     *
     * @param batch the codes, laid out
     * @param members index of each sequence in the list that was cut
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record MicroBatch(CodeBatch batch, int[] members) {
        /** The same micro-batch for a guided model. */
        public MicroBatch guided(double scale) {
            return new MicroBatch(batch.guided(scale), members);
        }

        /** The same micro-batch with elements of the decoder's states and of the inputs of its adapters dropped. */
        public MicroBatch with(Dropout dropout, Dropout ofAdapters) {
            return new MicroBatch(batch.with(dropout, ofAdapters), members);
        }
    }

    /** Creates a batcher for buffers of {@code maxSteps} steps. */
    public CodeBatcher(CodeLayout layout, TextTokenizer tokenizer, int maxSteps) {
        this(layout, tokenizer, maxSteps, Optional.empty());
    }

    /**
     * Creates a batcher whose batches bring the states of their prompts.
     *
     * @param text encodes prompts; empty leaves that to the passes
     */
    public CodeBatcher(CodeLayout layout, TextTokenizer tokenizer, int maxSteps, Optional<FrozenText> text) {
        this.layout = layout;
        this.tokenizer = tokenizer;
        this.maxSteps = maxSteps;
        this.text = text;
    }

    /**
     * Cuts by length, longest first; sequences of equal length keep their order.
     *
     * @param size the most sequences in a micro-batch
     */
    public List<MicroBatch> cut(List<CodeSequence> sequences, int size) {
        int[] order = order(sequences);
        List<MicroBatch> microBatches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            int[] members = Arrays.copyOfRange(order, from, Math.min(from + size, order.length));
            microBatches.add(microBatch(sequences, members));
        }
        return microBatches;
    }

    /** The order in which sequences are cut. */
    public static int[] order(List<CodeSequence> sequences) {
        return IntStream.range(0, sequences.size())
                .boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -sequences.get(i).codes()[0].length))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Lays out some of the sequences as one micro-batch, in the given order. */
    public MicroBatch microBatch(List<CodeSequence> sequences, int[] members) {
        return new MicroBatch(layOut(sequences, members), members);
    }

    private CodeBatch layOut(List<CodeSequence> sequences, int[] members) {
        List<CodeSequence> chosen =
                Arrays.stream(members).mapToObj(sequences::get).toList();
        List<String> prompts = chosen.stream().map(CodeSequence::prompt).toList();
        TextBatch tokens = tokenizer.batch(prompts);
        for (int b = 0; b < chosen.size(); b++) {
            if (!chosen.get(b).conditioned()) {
                tokens.hide(b);
            }
        }
        CodeBatch batch =
                CodeBatch.of(layout, chosen.stream().map(CodeSequence::codes).toList(), tokens, maxSteps);
        return text.map(frozen -> batch.withTextStates(frozen.states(prompts, tokens)))
                .orElse(batch);
    }
}
