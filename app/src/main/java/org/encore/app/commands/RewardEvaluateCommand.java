package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.Split;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.specs.RewardKinds;
import org.encore.rewards.trained.RewardDirectory;
import org.encore.rewards.trained.RewardKind;
import org.encore.rewards.trained.RewardKind.RewardReport;
import org.encore.run.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Evaluates a learned reward again: the table of its card. */
@Command(name = "evaluate", description = "Evaluates a learned reward again: the table of its card.")
public final class RewardEvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The reward.")
    private Path reward;

    @Mixin
    private Measurement measurement;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        RewardDirectory directory = RewardDirectory.open(Machine.locate(reward));
        measurement.check(RewardKinds.of(directory));
        try (TerminalProgress progress = new TerminalProgress()) {
            RewardReport report = measurement.of(directory, progress);
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("reward", reward.toString());
            facts.put("kind", directory.kind());
            facts.put("split", measurement.split.name().toLowerCase(Locale.ROOT));
            facts.putAll(report.metrics());
            results.print(facts, report.table().stripTrailing());
        }
        return ExitStatus.OK;
    }

    /** The clips that rewards are evaluated on: their number, and the policy that generates them for held-out prompts. */
    static final class Measurement {
        /** Not the seed of any shipped corpus or reward. */
        private static final long SEED = 30_000_001;

        private static final String USUAL_POLICY = "checkpoints/etudes-captions";

        private static final int MOST_CLIPS = 10_000;

        @Option(
                names = "--policy",
                paramLabel = "DIR",
                description = "The model that generates the clips for kinds of rewards that use them (default: "
                        + USUAL_POLICY + ").")
        private Optional<Path> policy = Optional.empty();

        @Option(
                names = "--clips",
                paramLabel = "N",
                defaultValue = "500",
                description = "Number of clips that the reward is evaluated on.")
        private int clips;

        @Option(
                names = "--split",
                paramLabel = "SPLIT",
                defaultValue = "development",
                description = "Which held-out clips: development to choose by, test for final figures.")
        private Split split;

        /** Checks the options for a kind of reward. */
        void check(RewardKind kind) throws IOException {
            if (clips < RewardKind.FEWEST_CLIPS || clips > MOST_CLIPS) {
                throw new IllegalArgumentException("--clips is " + clips + ", but must lie in ["
                        + RewardKind.FEWEST_CLIPS + ", " + MOST_CLIPS + "]");
            }
            if (kind.usesPolicySamples()) {
                // The referee reads notes.
                CheckpointInfo.of(Machine.locate(policy())).symbolicCodec();
            } else if (policy.isPresent()) {
                throw new IllegalArgumentException("--policy is " + policy.get() + ", but " + kind.name()
                        + " is evaluated on rated clips of its own: leave it out");
            }
        }

        /** Evaluates a reward. */
        RewardReport of(RewardDirectory directory, Progress progress) throws IOException {
            return RewardKinds.of(directory).evaluate(directory, clips, split, this::generate, progress);
        }

        private Path policy() {
            return policy.orElse(Path.of(USUAL_POLICY));
        }

        private List<Sample> generate(int count) throws IOException {
            List<Prompt> prompts = new EtudeCorpus(SEED).on(split).heldOutPrompts(count);
            RandomStreams streams = new RandomStreams(SEED);
            try (GenerationPipeline pipeline = GenerationPipeline.load(policy(), count)) {
                List<Completion> completions = pipeline.generate(
                        prompts.stream().map(Prompt::text).toList(),
                        new SamplingSettings(1.0, 0, 1.0, 1.0),
                        i -> streams.stream(Purpose.SAMPLING, i));
                List<Sample> samples = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    int[][] codes = completions.get(i).codes();
                    samples.add(Sample.of(prompts.get(i), pipeline.clip(codes), codes));
                }
                return samples;
            }
        }
    }
}
