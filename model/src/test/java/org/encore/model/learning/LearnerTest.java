package org.encore.model.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.DelayPattern;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;
import org.encore.model.parallel.Replicas;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.Workspaces;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.Head;
import org.encore.model.transformer.ParameterLayout.Part;
import org.encore.model.transformer.TinyModels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LearnerTest {
    private static final ModelConfig CONFIG = TinyModels.config(1, Head.CODES);
    private static final AdamW.Settings OPTIMISER = new AdamW.Settings(1e-2, 0.9, 0.95, 1e-8, 0.1, 1.0);

    @TempDir
    private Path directory;

    private Shards shards;
    private TextTokenizer tokenizer;
    private List<CodeBatcher.MicroBatch> microBatches;
    private Learner learner;

    @BeforeEach
    void open() throws IOException {
        shards = new Shards(2, 2, () -> new PortableKernels(Precision.SINGLE));
        tokenizer = Lessons.tokenizer(directory);
        CodeBatcher batcher = new CodeBatcher(new DelayPattern(1, TinyModels.VOCABULARY), tokenizer, Lessons.MAX_STEPS);
        microBatches = batcher.cut(Lessons.sequences(6, 5, 4, 3, 2), 1);
        learner = learner(List.of(Part.values()));
    }

    private Learner learner(List<Part> trained) {
        Workspaces workspaces =
                new Workspaces(shards, CONFIG, new BatchShape(2, Lessons.MAX_STEPS, tokenizer.capacity()));
        Replicas replicas = new Replicas(shards, TinyModels.random(shards.kernels(0), CONFIG, 1));
        return new Learner(
                "pupil", replicas, workspaces, new Learner.Settings(OPTIMISER, new Schedule.Constant(2), trained, 10));
    }

    @AfterEach
    void close() {
        tokenizer.close();
        shards.close();
    }

    private double[] weights() {
        return learner.model()
                .kernels()
                .readDoubles(learner.model().parameters().flat());
    }

    private Learner.Update soundUpdate() {
        learner.add(microBatches, new NextCodeLoss(shards.count()).begin(20));
        return learner.update();
    }

    /** As if a loss overflowed in one of five micro-batches. */
    private Learner.Update brokenUpdate(double poison) {
        learner.accumulate(microBatches, (shard, microBatch, model, activations) -> {
            model.logits(activations, microBatch.batch().inputs())
                    .forEach(logits -> model.kernels().fill(logits, microBatch.members()[0] == 3 ? poison : 1.0));
            return 0.0;
        });
        return learner.update();
    }

    @Test
    void resultsComeInTheOrderOfTheMicroBatchesWhicheverShardHadThem() {
        List<String> seen = Learner.overMicroBatches(
                learner.replicas(),
                microBatches,
                (shard, microBatch) -> shard + ":" + microBatch.batch().steps()[0]);
        assertEquals(List.of("0:6", "1:5", "0:4", "1:3", "0:2"), seen);
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() {
        soundUpdate();
        double[] before = weights();
        double[] moments = learner.model()
                .kernels()
                .readDoubles(learner.optimiser().firstMoment().flat());
        for (double poison : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Learner.Update update = brokenUpdate(poison);
            assertTrue(update.skipped());
            assertFalse(Double.isFinite(update.gradNorm()));
            assertArrayEquals(before, weights(), 0.0);
            assertArrayEquals(
                    moments,
                    learner.model()
                            .kernels()
                            .readDoubles(learner.optimiser().firstMoment().flat()),
                    0.0);
        }
        assertEquals(1, learner.optimiser().step());
        Learner.Update next = soundUpdate();
        assertFalse(next.skipped());
        assertTrue(next.gradNorm() > 0.0 && Double.isFinite(next.gradNorm()), "nothing is left of the broken gradient");
        assertEquals(2, learner.optimiser().step());
    }

    @Test
    void threeInARowEndTheRun() {
        soundUpdate();
        brokenUpdate(Double.NaN);
        brokenUpdate(Double.NaN);
        soundUpdate();
        brokenUpdate(Double.NaN);
        brokenUpdate(Double.NaN);
        DivergedException diverged = assertThrows(DivergedException.class, () -> brokenUpdate(Double.NaN));
        assertEquals(
                "the gradient of the pupil was NaN in 3 updates in a row after 2 finite ones; lower its learning rate",
                diverged.getMessage());
        assertEquals(
                "step 6: " + diverged.getMessage() + "; there is no checkpoint yet",
                diverged.at(6, Optional.empty()).getMessage());
        assertEquals(
                "step 6: " + diverged.getMessage() + "; the last checkpoint is runs/a",
                diverged.at(6, Optional.of(Path.of("runs/a"))).getMessage());
    }

    @Test
    void theRateWarmsUp() {
        assertEquals(0.5e-2, soundUpdate().learningRate(), 1e-15);
        assertEquals(1e-2, soundUpdate().learningRate(), 1e-15);
        assertEquals(1e-2, soundUpdate().learningRate(), 1e-15);
    }

    @Test
    void whatIsDiscardedHasNoEffect() {
        learner.add(microBatches, new NextCodeLoss(shards.count()).begin(20));
        learner.discard();
        double norm = soundUpdate().gradNorm();
        learner = learner(List.of(Part.values()));
        assertEquals(soundUpdate().gradNorm(), norm, 0.0);
    }

    @Test
    void frozenPartsKeepTheirBits() {
        learner = learner(List.of(Part.DECODER));
        double[] before = weights();
        soundUpdate();
        double[] after = weights();
        learner.model().parameters().layout().entries().forEach(e -> {
            boolean moved = false;
            for (int i = e.offset(); i < e.offset() + e.size(); i++) {
                moved |= before[i] != after[i];
            }
            assertEquals(e.part() == Part.DECODER, moved, e.name());
        });
    }

    @Test
    void aSavedLearnerGoesOnAsItWas() throws IOException {
        soundUpdate();
        brokenUpdate(Double.NaN);
        brokenUpdate(Double.NaN);
        ObjectNode state = new ObjectMapper().createObjectNode();
        LearnerFiles.save(learner, Optional.empty(), directory, state);
        double[] saved = weights();
        Learner original = learner;
        learner = learner(List.of(Part.values()));
        LearnerFiles.load(learner, directory, state, directory.resolve("state.json"));
        assertArrayEquals(saved, weights(), 0.0);
        assertThrows(DivergedException.class, () -> brokenUpdate(Double.NaN));
        double norm = soundUpdate().gradNorm();
        double[] next = weights();
        learner = original;
        assertEquals(soundUpdate().gradNorm(), norm, 0.0);
        assertArrayEquals(weights(), next, 0.0);
    }

    @Test
    void weightsThatAreNotFiniteAreNotWritten() {
        learner.model().kernels().fill(learner.model().parameters().get("enc_to_dec_proj.bias"), Double.NaN);
        DivergedException diverged = assertThrows(
                DivergedException.class,
                () -> LearnerFiles.save(learner, Optional.empty(), directory, new ObjectMapper().createObjectNode()));
        assertEquals("the weights of the pupil are no longer finite, so they were not written", diverged.getMessage());
        assertFalse(Files.exists(directory.resolve("model.safetensors")));
    }

    @Test
    void aStateWithoutUpdatesIsInvalid() throws IOException {
        ObjectNode state = new ObjectMapper().createObjectNode();
        LearnerFiles.save(learner, Optional.empty(), directory, state);
        for (Object wrong : new Object[] {null, -1, "many"}) {
            ObjectNode broken = state.deepCopy();
            broken.putPOJO("updates", wrong);
            ObjectNode read = (ObjectNode) new ObjectMapper().readTree(broken.toString());
            InvalidFileException invalid = assertThrows(
                    InvalidFileException.class,
                    () -> LearnerFiles.load(learner, directory, read, Path.of("state.json")));
            assertTrue(invalid.getMessage().startsWith("state.json: updates is "), invalid.getMessage());
            assertTrue(invalid.getMessage().endsWith(", but must be a number of updates"), invalid.getMessage());
        }
    }
}
