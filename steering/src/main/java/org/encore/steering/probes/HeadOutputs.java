package org.encore.steering.probes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.encore.model.decoding.CodeBatch;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.DecodingKernels;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.transformer.DecoderTap;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.run.Progress;

/** Plays clips to a model, with its text hidden, and keeps what heads and layers compute at the last step. */
final class HeadOutputs {
    private static final int BATCH = 16;

    private final PretrainedModel model;
    private final DelayPattern pattern;

    HeadOutputs(PretrainedModel model) {
        this.model = model;
        this.pattern = model.checkpoint().pattern();
    }

    /**
     * What was computed at the last step of a clip, the one whose input is its last frame.
     *
     * @param heads of each layer the outputs of its self-attention heads, side by side, {@code [L][D]}
     * @param states the residual stream behind each layer, {@code [L][D]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Outputs(float[][] heads, float[][] states) {}

    /** The outputs for each clip, in their order. */
    List<Outputs> of(List<int[][]> clips, Progress progress) {
        int longest = clips.stream().mapToInt(codes -> codes[0].length).max().orElseThrow();
        // One more frame, of any codes, makes the clip's last frame an input.
        int steps =
                Math.min(pattern.steps(longest + 1), model.config().decoder().maxPositions());
        Integer[] order = IntStream.range(0, clips.size()).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingInt(i -> clips.get(i)[0].length));
        BatchShape capacity = new BatchShape(BATCH, steps, model.tokenizer().capacity());
        Workspaces workspaces = new Workspaces(model.replicas().shards(), model.config(), capacity);
        Outputs[] outputs = new Outputs[clips.size()];
        AtomicInteger next = new AtomicInteger();
        model.replicas().shards().run(shard -> {
            for (int at = next.getAndAdd(BATCH); at < order.length; at = next.getAndAdd(BATCH)) {
                int[] batch = IntStream.range(at, Math.min(at + BATCH, order.length))
                        .map(i -> order[i])
                        .toArray();
                run(shard, batch, clips, steps, workspaces, outputs);
                if (shard == 0) {
                    progress.step("listening", Math.min(next.get(), order.length), order.length, "");
                }
            }
            return null;
        });
        return List.of(outputs);
    }

    private void run(
            int shard, int[] chosen, List<int[][]> clips, int steps, Workspaces workspaces, Outputs[] outputs) {
        List<int[][]> codes = new ArrayList<>();
        int[] last = new int[chosen.length];
        for (int b = 0; b < chosen.length; b++) {
            int[][] clip = clips.get(chosen[b]);
            last[b] = clip[0].length;
            int[][] longer = new int[clip.length][];
            for (int k = 0; k < clip.length; k++) {
                longer[k] = Arrays.copyOf(clip[k], clip[k].length + 1);
            }
            codes.add(longer);
        }
        CodeBatch batch = CodeBatch.of(
                pattern,
                codes,
                model.tokenizer().batch(Collections.nCopies(chosen.length, "")).withoutText(),
                steps);
        int layers = model.config().decoder().layers();
        int width = model.config().decoder().width();
        for (int b = 0; b < chosen.length; b++) {
            outputs[chosen[b]] = new Outputs(new float[layers][width], new float[layers][width]);
        }
        Kernels kernels = model.replicas().model(shard).kernels();
        DecoderTap tap = new DecoderTap() {
            private final DecodingKernels reader = kernels.decoding();

            @Override
            public void heads(int layer, Rows rows, Tensor attended) {
                for (int b = 0; b < chosen.length; b++) {
                    reader.read(attended, row(b), outputs[chosen[b]].heads()[layer]);
                }
            }

            @Override
            public void states(int layer, Rows rows, Tensor states) {
                for (int b = 0; b < chosen.length; b++) {
                    reader.read(states, row(b), outputs[chosen[b]].states()[layer]);
                }
            }

            private int row(int b) {
                return b * batch.shape().steps() + last[b];
            }
        };
        model.replicas().model(shard).forward(workspaces.of(shard), batch.inputs(), state -> {}, tap);
    }
}
