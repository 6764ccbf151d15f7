package org.encore.trainer.finetuning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.learning.Learner;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.RewardFailure;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.specs.MixtureSpec;
import org.encore.run.ComputeSettings;
import org.encore.trainer.finetuning.Networks.Role;
import org.encore.trainer.finetuning.ShardTask.Bench;
import org.encore.trainer.finetuning.ShardTask.MemberScores;
import org.encore.trainer.finetuning.ShardTask.Network;
import org.encore.trainer.finetuning.ShardTask.RewardsAtHand;
import org.encore.trainer.finetuning.ShardTask.Took;
import org.encore.trainer.finetuning.Workers.Draw;

/**
 * The networks, codec and rewards of a run in a process of a cluster, which does tasks one after another. Its weights are those that
 * it was given last.
 */
public final class ShardHost implements AutoCloseable {
    private final Shards shards;
    private final Networks networks;
    private final AudioCodec codec;
    private final Mixture mixture;
    private final LocalWorkers workers;
    private final Packing packing;
    private final AtHand atHand = new AtHand();
    private final Map<Network, TrainedWeights> trained = new EnumMap<>(Network.class);

    /**
     * Loads everything.
     *
     * @param settings of the run; files are where it says
     * @param base directory of the initial model
     * @param sha256 of its weights in the process that leads
     * @param count shards of a task
     * @param kernels of each shard
     * @throws InvalidFileException if a file is missing, or the initial model is another one
     */
    public static ShardHost open(
            FineTuneSettings settings, Path base, String sha256, int count, Supplier<Kernels> kernels)
            throws IOException {
        if (!Files.isDirectory(base)) {
            throw new InvalidFileException(
                    base,
                    "is missing here; every machine of the cluster needs the checkpoint at this path, on a shared disk or copied");
        }
        String own = Origin.of(base).sha256();
        if (!own.equals(sha256)) {
            throw new InvalidFileException(base, "has other weights here than where the run was started; copy it anew");
        }
        Shards shards = Shards.of(count, kernels);
        try {
            return new ShardHost(settings, base, shards);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            shards.close();
            throw e;
        }
    }

    private ShardHost(FineTuneSettings settings, Path base, Shards shards) throws IOException {
        ComputeSettings compute = settings.compute();
        FineTuneSettings own = settings.with(
                new ComputeSettings(shards.count(), compute.microBatch(), compute.activationCheckpointing()));
        Optional<String> named = settings.corpus().codec();
        this.shards = shards;
        this.packing = settings.rollout().packing();
        this.codec = named.isPresent()
                ? Codecs.symbolic(named.get())
                : CheckpointInfo.of(base).openCodec(shards);
        this.mixture = new MixtureSpec(settings.rewards(), settings.onRewardFailure()).mixture();
        this.networks = new Networks(own, base, codec, shards, Role.WORKER);
        this.workers = new LocalWorkers(own, networks, codec);
        for (Network network : Network.values()) {
            networks.learner(network).ifPresent(each -> trained.put(network, new TrainedWeights(each)));
        }
    }

    private Learner learner(Network network) {
        return networks.learner(network).orElseThrow();
    }

    /** A checksum of what the kernels compute, for a comparison with that of another process. */
    public String probe() {
        return ShardProbe.of(networks.policy().model().config(), packing, shards.kernels(0));
    }

    /** Description of the kernels. */
    public String kernels() {
        return shards.kernels(0).description();
    }

    /** Does a task. */
    public <R> R run(ShardTask<R> task) {
        return task.run(new Bench(workers, networks.batcher(), atHand));
    }

    /** Shards of a task. */
    public int shards() {
        return shards.count();
    }

    /** Replaces some trained weights. */
    public void write(Network network, int from, byte[] values) {
        trained.get(network).write(learner(network).model().trainable().flat(), from, values);
    }

    /** How many weights of a network are trained. */
    public int trained(Network network) {
        return trained.get(network).size();
    }

    /** Some of the gradient that the last task has left in a shard. */
    public byte[] gradient(Network network, int shard, int from, int count) {
        return trained.get(network).read(learner(network).gradient(shard).flat(), from, count);
    }

    /** Adds gradients of one shard to the sum of those before, in 32 bits and in place, as one process does. */
    public static void add(byte[] values, byte[] sum) {
        TrainedWeights.add(values, sum);
    }

    /** Clears the gradients. */
    public void discard(Network network) {
        learner(network).discard();
    }

    private final class AtHand implements RewardsAtHand {
        @Override
        public Took took(Draw draw) {
            Timings timings = new Timings(Clock.systemUTC());
            List<Completion> completions = timings.time("generate", () -> workers.complete(draw, done -> {}));
            List<Sample> samples = LocalWorkers.samples(
                    draw.prompts(), completions.stream().map(Completion::codes).toList(), codec);
            ArrayList<MemberScores> scores = timings.time("reward", () -> scores(samples));
            ArrayList<LinkedHashMap<String, Double>> confounders = new ArrayList<>();
            if (!draw.evaluates()) {
                LocalWorkers.confounders(samples).forEach(each -> confounders.add(new LinkedHashMap<>(each)));
            }
            return new Took(
                    new ArrayList<>(completions), scores, confounders, timings.of("generate"), timings.of("reward"));
        }

        @Override
        @SuppressWarnings("NonApiType") // results must be serialisable
        public ArrayList<MemberScores> scores(List<Prompt> prompts, List<int[][]> codes) {
            return scores(LocalWorkers.samples(prompts, codes, codec));
        }

        @SuppressWarnings("NonApiType") // as above
        private ArrayList<MemberScores> scores(List<Sample> samples) {
            ArrayList<MemberScores> each = new ArrayList<>();
            mixture.members().forEach(member -> each.add(ShardHost.scores(member.reward(), samples)));
            return each;
        }
    }

    /** What a reward returns, good or bad: it is judged where all scores of the iteration are together. */
    private static MemberScores scores(RewardModel reward, List<Sample> samples) {
        try {
            List<Score> scores = reward.score(samples);
            if (scores == null || scores.size() != samples.size()) {
                String returned = scores == null ? "nothing" : scores.size() + " scores";
                return new MemberScores(null, "returned " + returned + " for " + samples.size() + " samples", -1);
            }
            return new MemberScores(new ArrayList<>(scores), null, -1);
        } catch (RuntimeException | LinkageError e) {
            RewardFailure failure = e instanceof RewardFailure known ? known : new RewardFailure(reward.id(), e);
            return new MemberScores(null, failure.problem(), firstFailing(reward, samples));
        }
    }

    private static int firstFailing(RewardModel reward, List<Sample> samples) {
        for (int i = 0; i < samples.size(); i++) {
            try {
                reward.score(List.of(samples.get(i)));
            } catch (RuntimeException | LinkageError e) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        networks.close();
        shards.close();
    }
}
