package com.example;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.encore.app.config.ConfigReader;
import org.encore.app.runs.Machine;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.rewards.Sample;
import org.encore.rewards.SampleReward;
import org.encore.rewards.Score;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.FineTuning;

public final class OwnRun {
    private OwnRun() {}

    record FewNotes(String id) implements SampleReward {
        @Override
        public Score score(Sample sample) {
            int notes = sample.clip().piece().orElseThrow().notes().size();
            return Score.of(-notes, notes + " notes");
        }
    }

    /** Fine-tunes a shipped checkpoint on the reward above. */
    public static FineTuning.Result fineTune(Path encore, Path out, List<String> overrides) throws IOException {
        FineTuneSettings settings = new ConfigReader()
                .read(encore.resolve("configs/quickstart.yaml"), overrides, FineTuneSettings.class)
                .withRewards(List.of(RewardEntry.of("few-notes", FewNotes::new)));
        Path base = encore.resolve(settings.checkpoint());
        RunContext run = new RunContext(RunDirectory.create(out), Optional.empty(), Progress.none(), Clock.systemUTC());
        try (Shards shards = Machine.shards(settings.compute().shards());
                FineTuning training = new FineTuning(
                        settings, base, run, CheckpointInfo.of(base).openCodec(shards), shards)) {
            return training.run();
        }
    }

    public static void main(String[] arguments) throws IOException {
        fineTune(Path.of(arguments[0]), Path.of(arguments[1]), List.of("iterations=20"));
    }
}
