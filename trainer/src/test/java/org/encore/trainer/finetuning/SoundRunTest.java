package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.encore.model.pretrained.RandomMusicGen;
import org.encore.model.weights.SafetensorsWriter.Format;
import org.encore.music.corpus.Split;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward;
import org.encore.trainer.RunFiles;
import org.encore.trainer.advantages.AdvantageEstimator;
import org.encore.trainer.advantages.AdvantageScale;
import org.encore.trainer.finetuning.ProfileWatch.Profiling;
import org.encore.trainer.pretraining.CorpusSource;
import org.encore.trainer.value.ValueNetwork.Reader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fine-tuning a model of sound on études. */
class SoundRunTest {
    private static final int FRAMES = 32;

    @TempDir
    private static Path home;

    @TempDir
    private Path directory;

    @BeforeAll
    static void prepare() throws IOException {
        RandomMusicGen.Size tiny = RandomMusicGen.Size.TINY;
        new RandomMusicGen(tiny.config(1, 1), tiny.codec(), Format.F32, 3).write(home.resolve("base"), written -> {});
    }

    private static Plan plan() {
        return new Plan()
                .from(home.resolve("base"))
                .corpus(new CorpusSource.Etudes(
                        1, 0.0, 0.0, Optional.of(new CorpusSource.Rendering(0.64, 4, home.resolve("codes")))))
                .steps(2)
                .maxFrames(FRAMES)
                .rewards(RewardEntry.defaults(RuleReward.Length.defaults()))
                .evaluation(4, 2, 1, 1)
                .checkpointEvery(1);
    }

    /** Loss of held-out clips, the referee's hearing, a profile in codes of sound; the value network is a copy of the trunk. */
    @Test
    void whatIsMeasuredOfNotesIsMeasuredOfSound() throws IOException {
        Plan plan = plan().advantages(AdvantageEstimator.defaults(), AdvantageScale.WHITENED)
                .profile(new Profiling(1, 2, 4, 8, 0.1));
        FineTuning.Result result = Rehearsal.whole(plan, directory);
        Map<String, Double> before = result.before();
        assertEquals(Math.log(64), before.get("held_out_loss"), 1.0);
        assertEquals(256 / 50.0, before.get("seconds"), 0.02, "evaluation.maxFrames at 50 frames a second");
        assertTrue(Double.isFinite(before.get("loudness")));
        assertTrue(before.get("onsets_per_second") >= 0.0);
        assertTrue(before.get("abstained") >= 0.0 && before.get("abstained") <= 1.0);
        assertFalse(before.containsKey("consonance"), "there are no notes");
        Map<String, Object> last = RunFiles.metrics(directory).get(1);
        assertTrue(last.containsKey("profile/recovery_codes"), last::toString);
        assertTrue(Files.isRegularFile(directory.resolve("samples/step-2/000.wav")));
        List<String> samples = Files.readAllLines(directory.resolve("samples.jsonl"));
        assertTrue(samples.get(0).contains("onsets_per_second"), samples.get(0));
    }

    /** On the split of the test, resumed in the middle, with a reader as value network. */
    @Test
    void resumedIsUninterrupted() throws IOException {
        Plan plan = plan().split(Split.TEST)
                .network(new Reader(16, 3, 5, 3, 4, 2, 4, 2, 1e-2, Optional.empty()))
                .advantages(AdvantageEstimator.defaults(), AdvantageScale.WHITENED);
        FineTuning.Result whole = Rehearsal.whole(plan, directory.resolve("whole"));
        Rehearsal.interrupted(1, plan, directory.resolve("cut"));
        FineTuning.Result resumed = Rehearsal.resumed(plan, directory.resolve("cut"));
        assertEquals(whole.after(), resumed.after());
        assertEquals(
                RunFiles.digests(directory.resolve("whole/checkpoints/step-2")),
                RunFiles.digests(directory.resolve("cut/checkpoints/step-2")));
    }
}
