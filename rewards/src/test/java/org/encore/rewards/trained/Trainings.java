package org.encore.rewards.trained;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.encore.rewards.trained.RewardKind.RewardTrainer;
import org.encore.rewards.trained.RewardKind.TrainedReward;
import org.encore.run.Progress;
import org.encore.run.RunDirectory;
import org.encore.run.TrainingLoop;
import org.encore.run.TrainingLoop.RunContext;

/** Runs the trainings of rewards as the command line does. */
public final class Trainings {
    private Trainings() {}

    /** Ends a training in the middle. */
    private static final class Interruption extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Trains in a directory: from its last checkpoint if it has one, else from the start. */
    public static TrainedReward train(Function<Progress, RewardTrainer> training, Path run, Progress progress)
            throws IOException {
        RunDirectory directory = new RunDirectory(Files.createDirectories(run));
        Optional<Path> last = directory.lastCheckpoint();
        RewardTrainer trainer = training.apply(progress);
        new TrainingLoop("training", trainer, new RunContext(directory, last, progress, Clock.systemUTC())).run();
        return trainer.trained();
    }

    /** Trains until a step is recorded, and ends before its checkpoint. */
    public static void interrupt(Function<Progress, RewardTrainer> training, Path run, long step) throws IOException {
        Progress interrupting = (task, done, total, summary) -> {
            if (task.equals("training") && done == step) {
                throw new Interruption();
            }
        };
        try {
            train(training, run, interrupting);
        } catch (Interruption expected) {
            return;
        }
        throw new IllegalStateException("the training never came to step " + step);
    }
}
