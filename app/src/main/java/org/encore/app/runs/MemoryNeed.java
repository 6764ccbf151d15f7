package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.trainer.finetuning.FineTuneMemory;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.pretraining.PretrainMemory;
import org.encore.trainer.pretraining.PretrainSettings;

/** What a configuration will take of this machine's memory. */
public final class MemoryNeed {
    private MemoryNeed() {}

    /**
     * Looks at a configuration and at the sizes of its checkpoint.
     *
     * @return empty if that cannot be known: the checkpoint is not there, or the command trains nothing
     * @throws IllegalArgumentException if the run does not fit; the message names what would
     */
    public static Optional<MemoryPlan> of(Record configuration) throws IOException {
        MemoryLimits limits = MemoryLimits.ofThisMachine();
        if (configuration instanceof PretrainSettings pretraining) {
            Optional<Path> base = pretraining.checkpoint().map(Machine::locate);
            if (base.isPresent() && !Files.isDirectory(base.get())) {
                return Optional.empty();
            }
            Optional<ModelConfig> known =
                    base.isPresent() ? Optional.of(ModelDirectory.config(base.get())) : Optional.empty();
            PretrainMemory memory = new PretrainMemory(pretraining, known, Machine.codec(pretraining.corpus()));
            return Optional.of(memory.plan(memory.storage(limits)));
        }
        if (configuration instanceof FineTuneSettings training) {
            Path checkpoint = Machine.locate(training.checkpoint());
            if (Files.isDirectory(checkpoint)) {
                FineTuneMemory memory = new FineTuneMemory(training, ModelDirectory.config(checkpoint));
                return Optional.of(memory.plan(memory.storage(limits)));
            }
        }
        return Optional.empty();
    }
}
