package org.encore.preferences.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.Initialisation;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.MusicTransformer;
import org.encore.model.transformer.Parameters;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;
import org.encore.preferences.training.Bundling.Bundle;
import org.encore.preferences.training.NetworkTraining.PairLoss;
import org.encore.rewards.preference.NetworkScores;
import org.encore.rewards.preference.NetworkScores.Pooling;
import org.encore.statistics.BradleyTerry;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole way from weights to the loss of pairs, in 64 bits, against finite differences. */
final class NetworkGradientTest {
    private static final double STEP = 1e-5;
    private static final int PROBES = 60;

    @TempDir
    private Path directory;

    /** Four clips of unequal lengths; the first is in two votes, and one vote is a tie. */
    private static final Bundle VOTES = new Bundle(
            List.of(0, 1, 2, 3),
            List.of(new Comparison(0, 1, 1, "x"), new Comparison(2, 3, 0, "y"), new Comparison(3, 0, -1, "x")));

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void theGradientIsTheSlopeOfTheLoss(Pooling pooling) throws IOException {
        TinyTaste.policy(directory);
        ModelConfig config = TinyTaste.config(Head.SCALAR);
        try (Shards shards = Shards.of(1, () -> new PortableKernels(Precision.DOUBLE));
                TextTokenizer tokenizer = TextTokenizer.load(directory, 8)) {
            MusicTransformer model = randomised(new MusicTransformer(shards.kernels(0), config));
            Workspaces workspaces = new Workspaces(shards, config, new BatchShape(4, 16, tokenizer.capacity()));
            CodeBatcher batcher = new CodeBatcher(new DelayPattern(1, NoteVocabulary.size()), tokenizer, 16);
            Replicas replicas = new Replicas(shards, model);
            PairLoss loss = new PairLoss(
                    new NetworkScores(replicas, workspaces, batcher, pooling), new BradleyTerry(-0.3), List.of(VOTES));
            CodeBatcher.MicroBatch microBatch = batcher.microBatch(sequences(), new int[] {0, 1, 2, 3});
            Parameters gradient = model.zerosLike();
            loss(model, workspaces, microBatch, loss);
            model.backward(workspaces.of(0), microBatch.batch().inputs(), gradient);
            double[] slopes = shards.kernels(0).readDoubles(gradient.flat());
            double[] weights = shards.kernels(0).readDoubles(model.parameters().flat());
            int compared = 0;
            // A sample of the parameters, and all of the head, which comes last among the matrices of its width.
            for (int i = 0; i < weights.length; i += Math.max(1, weights.length / PROBES)) {
                double kept = weights[i];
                weights[i] = kept + STEP;
                shards.kernels(0).write(model.parameters().flat(), weights);
                double above = loss(model, workspaces, microBatch, loss);
                weights[i] = kept - STEP;
                shards.kernels(0).write(model.parameters().flat(), weights);
                double below = loss(model, workspaces, microBatch, loss);
                weights[i] = kept;
                assertEquals((above - below) / (2 * STEP), slopes[i], 1e-7, "parameter " + i);
                compared += slopes[i] == 0.0 ? 0 : 1;
            }
            shards.kernels(0).write(model.parameters().flat(), weights);
            assertTrue(compared >= 10, "only " + compared + " slopes were not 0");
            headSlopes(model, workspaces, microBatch, loss, gradient);
        }
    }

    /** The scalar head, all of it. */
    private static void headSlopes(
            MusicTransformer model,
            Workspaces workspaces,
            CodeBatcher.MicroBatch microBatch,
            PairLoss loss,
            Parameters gradient) {
        double[] head = model.kernels().readDoubles(model.parameters().get("score.weight"));
        double[] slopes = model.kernels().readDoubles(gradient.get("score.weight"));
        for (int i = 0; i < head.length; i++) {
            double kept = head[i];
            head[i] = kept + STEP;
            model.kernels().write(model.parameters().get("score.weight"), head);
            double above = loss(model, workspaces, microBatch, loss);
            head[i] = kept - STEP;
            model.kernels().write(model.parameters().get("score.weight"), head);
            double below = loss(model, workspaces, microBatch, loss);
            head[i] = kept;
            assertEquals((above - below) / (2 * STEP), slopes[i], 1e-7, "head " + i);
        }
        // Exchanging the clips of all pairs would exchange the signs: a bias moves both clips alike.
        assertEquals(0.0, model.kernels().readDoubles(gradient.get("score.bias"))[0], 1e-12);
    }

    private static double loss(
            MusicTransformer model, Workspaces workspaces, CodeBatcher.MicroBatch microBatch, PairLoss loss) {
        model.forward(workspaces.of(0), microBatch.batch().inputs());
        return loss.gradient(0, microBatch, model, workspaces.of(0)).loss();
    }

    private static MusicTransformer randomised(MusicTransformer model) {
        RandomStreams streams = new RandomStreams(5);
        Initialisation.randomise(model, streams);
        RandomGenerator noise = streams.stream(Purpose.NOISE);
        double[] weights = model.kernels().readDoubles(model.parameters().flat());
        for (int i = 0; i < weights.length; i++) {
            weights[i] += 0.2 * noise.nextGaussian();
        }
        model.kernels().write(model.parameters().flat(), weights);
        return model;
    }

    private static List<CodeSequence> sequences() {
        RandomGenerator random = new RandomStreams(6).stream(Purpose.NOISE);
        List<CodeSequence> sequences = new ArrayList<>();
        for (int frames : new int[] {5, 9, 3, 12}) {
            int[] codes = random.ints(frames, 0, NoteVocabulary.size()).toArray();
            sequences.add(CodeSequence.of(new int[][] {codes}, frames == 9 ? "a flute" : "a tune"));
        }
        return sequences;
    }
}
