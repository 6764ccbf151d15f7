package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.kernels.Kernels;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.model.parallel.Completion;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.run.Progress;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;
import org.encore.trainer.finetuning.ShardCluster.Answer;
import org.encore.trainer.finetuning.ShardCluster.Session;
import org.encore.trainer.finetuning.ShardTask.Batches;
import org.encore.trainer.finetuning.ShardTask.Batches.Selection;
import org.encore.trainer.finetuning.ShardTask.MemberScores;
import org.encore.trainer.finetuning.ShardTask.Network;
import org.encore.trainer.finetuning.ShardTask.Pass;
import org.encore.trainer.finetuning.ShardTask.Took;

/**
 * The shards of the processes of a cluster. Neighbouring shards make a task; in its process the same code works on their items as
 * would here on those of all shards, and the items come back in their order.
 */
final class SplitWorkers implements Workers {
    private final FineTuneSettings settings;
    private final AudioCodec codec;
    private final ShardCluster cluster;
    private final int perTask;
    private final TrainedWeights.OfNetworks present;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /**
     * Opens a cluster for a run.
     *
     * @param base the initial model
     * @param networks of which this process has weights and moments
     */
    static SplitWorkers open(
            FineTuneSettings settings,
            Origin base,
            Networks networks,
            AudioCodec codec,
            ShardCluster cluster,
            Progress progress) {
        Kernels kernels = networks.policy().model().kernels();
        String probe = ShardProbe.of(
                networks.policy().model().config(), settings.rollout().packing(), kernels);
        cluster.open(
                new Session(
                        settings,
                        base.path().toAbsolutePath(),
                        base.sha256(),
                        settings.compute().shards(),
                        probe,
                        kernels.description()),
                progress);
        return new SplitWorkers(settings, networks, codec, cluster);
    }

    private SplitWorkers(FineTuneSettings settings, Networks networks, AudioCodec codec, ShardCluster cluster) {
        this.settings = settings;
        this.codec = codec;
        this.cluster = cluster;
        this.present = new TrainedWeights.OfNetworks(networks);
        this.perTask = cluster.shardsPerTask();
    }

    private Split split(int count) {
        return Split.of(count, settings.compute().shards(), perTask);
    }

    private <R> List<R> run(List<ShardTask<R>> all, IntConsumer finished) {
        return answers(all, finished).stream().map(Answer::value).toList();
    }

    private <R> List<Answer<R>> answers(List<ShardTask<R>> all, IntConsumer finished) {
        List<Answer<R>> answers = cluster.run(all, present, present, finished);
        for (Answer<R> answer : answers) {
            seconds.merge(answer.executor(), answer.seconds(), Double::sum);
            answer.failed().ifPresent(failure -> {
                throw failure.thrownBy(answer.executor());
            });
        }
        return answers;
    }

    @Override
    public Takes take(Draw draw, Mixture mixture, Timings timings, IntConsumer completed) {
        long start = System.nanoTime();
        Split split = split(draw.prompts().size());
        int[] done = {0};
        List<Answer<Took>> answers = answers(
                split.tasks(task -> new ShardTask<>(
                        draw.evaluates() ? "evaluation" : "rollouts",
                        ShardTask.Take.of(draw.only(split.items().get(task))),
                        Set.of(Network.POLICY),
                        Optional.empty())),
                task -> {
                    done[0] += split.items().get(task).length;
                    completed.accept(done[0]);
                });
        List<Took> took = answers.stream().map(Answer::value).toList();
        List<Completion> completions =
                split.joined(took.stream().map(Took::completions).toList());
        List<Sample> samples = LocalWorkers.samples(
                draw.prompts(), completions.stream().map(Completion::codes).toList(), codec);
        RewardScores scores = split.scores(
                mixture, took.stream().<List<MemberScores>>map(Took::scores).toList(), samples, places(split, answers));
        double reward = took.stream().mapToDouble(Took::rewardSeconds).max().orElse(0.0);
        double whole = (System.nanoTime() - start) / 1e9;
        timings.add("generate", Math.max(0.0, whole - reward));
        timings.add("reward", Math.min(reward, whole));
        List<Map<String, Double>> confounders = draw.evaluates()
                ? List.of()
                : new ArrayList<>(split.joined(took.stream()
                        .map(each -> List.<Map<String, Double>>copyOf(each.confounders()))
                        .toList()));
        return new Takes(samples, completions, scores, confounders);
    }

    @Override
    public RewardScores scores(List<Prompt> prompts, List<int[][]> codes, Mixture mixture) {
        Split split = split(codes.size());
        List<Answer<ArrayList<MemberScores>>> answers = answers(
                split.tasks(task -> new ShardTask<>(
                        "beginnings",
                        ShardTask.Scoring.of(split.chosen(prompts, task), split.chosen(codes, task)),
                        Set.of(),
                        Optional.empty())),
                task -> {});
        return split.scores(
                mixture,
                answers.stream().<List<MemberScores>>map(Answer::value).toList(),
                LocalWorkers.samples(prompts, codes, codec),
                places(split, answers));
    }

    /** The executor of each item. */
    private static List<String> places(Split split, List<? extends Answer<?>> answers) {
        List<List<String>> byTask = new ArrayList<>();
        for (int task = 0; task < answers.size(); task++) {
            byTask.add(Collections.nCopies(
                    split.items().get(task).length, answers.get(task).executor()));
        }
        return split.joined(byTask);
    }

    private <R> List<ShardTask<R>> passes(
            String phase, Cut cut, Split split, Set<Network> reads, Function<Batches, ShardTask.Work<R>> work) {
        return split.tasks(task -> new ShardTask<>(
                phase, work.apply(new Selection(cut, split.items().get(task)).batches()), reads, Optional.empty()));
    }

    private List<double[][]> tables(String phase, Cut cut, Set<Network> reads, Pass pass) {
        Split split = split(cut.microBatches().size());
        return split.joined(
                run(passes(phase, cut, split, reads, batches -> new ShardTask.Tables(pass, batches)), task -> {}));
    }

    @Override
    public List<double[][]> referenceLogProbs(Cut cut) {
        return tables("reference", cut, Set.of(), Pass.REFERENCE);
    }

    @Override
    public List<double[][]> unguidedLogProbs(Cut cut) {
        return tables("reference", cut, Set.of(), Pass.UNGUIDED);
    }

    @Override
    public List<double[][]> values(Cut cut) {
        return tables("values", cut, Set.of(Network.VALUE), Pass.VALUES);
    }

    @Override
    public List<PolicyReport> accumulatePolicy(Cut cut, Evidence evidence, int stepsInBatch) {
        Split split = split(cut.microBatches().size());
        return split.joined(run(
                split.tasks(task -> {
                    Selection selection = new Selection(cut, split.items().get(task));
                    return new ShardTask<>(
                            "policy",
                            new ShardTask.PolicyGradient(
                                    selection.batches(),
                                    selection.rows(evidence.behaviour()),
                                    selection.rows(evidence.advantages()),
                                    evidence.coefficient(),
                                    stepsInBatch),
                            Set.of(Network.POLICY),
                            Optional.of(Network.POLICY));
                }),
                task -> {}));
    }

    @Override
    public List<Double> accumulateValue(Cut cut, double[][] valuesAtSampling, double[][] returns, int stepsInBatch) {
        Split split = split(cut.microBatches().size());
        return split.joined(run(
                split.tasks(task -> {
                    Selection selection = new Selection(cut, split.items().get(task));
                    return new ShardTask<>(
                            "value",
                            new ShardTask.ValueGradient(
                                    selection.batches(),
                                    selection.rows(valuesAtSampling),
                                    selection.rows(returns),
                                    stepsInBatch),
                            Set.of(Network.VALUE),
                            Optional.of(Network.VALUE));
                }),
                task -> {}));
    }

    @Override
    public List<Likelihood.Sums> likelihood(Cut cut) {
        Split split = split(cut.microBatches().size());
        return flat(
                run(passes("likelihood", cut, split, Set.of(Network.POLICY), ShardTask.KnownCodes::new), task -> {}));
    }

    @Override
    public List<Double> divergence(Cut cut) {
        Split split = split(cut.microBatches().size());
        return flat(
                run(passes("divergence", cut, split, Set.of(Network.POLICY), ShardTask.Divergences::new), task -> {}));
    }

    /** What each shard gives, in the order of shards. */
    private static <T> List<T> flat(List<? extends List<T>> byTask) {
        List<T> all = new ArrayList<>();
        byTask.forEach(all::addAll);
        return all;
    }

    @Override
    public CodeModel policyCodes() {
        return sequences -> logProbs(true, sequences);
    }

    @Override
    public CodeModel referenceCodes() {
        return sequences -> logProbs(false, sequences);
    }

    /** Whole micro-batches go to a task, because the bits of a sequence may depend on its neighbours. */
    private List<double[][]> logProbs(boolean ofPolicy, List<CodeSequence> sequences) {
        int size = settings.compute().microBatch() * (settings.rollout().isGuided() ? 2 : 1);
        int[] order = CodeBatcher.order(sequences);
        int count = (order.length + size - 1) / size;
        Split split = split(count);
        List<int[]> members = new ArrayList<>();
        for (int[] items : split.items()) {
            members.add(Arrays.stream(items)
                    .flatMap(j -> Arrays.stream(order, j * size, Math.min((j + 1) * size, order.length)))
                    .toArray());
        }
        List<ArrayList<double[][]>> byTask = run(
                split.tasks(task -> new ShardTask<>(
                        "profile",
                        new ShardTask.Codes(
                                ofPolicy,
                                new ArrayList<>(Arrays.stream(members.get(task))
                                        .mapToObj(sequences::get)
                                        .toList())),
                        ofPolicy ? Set.of(Network.POLICY) : Set.of(),
                        Optional.empty())),
                task -> {});
        List<double[][]> all = new ArrayList<>(Collections.nCopies(sequences.size(), null));
        for (int task = 0; task < byTask.size(); task++) {
            for (int i = 0; i < members.get(task).length; i++) {
                all.set(members.get(task)[i], byTask.get(task).get(i));
            }
        }
        return all;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>(cluster.metrics());
        seconds.forEach((executor, value) -> metrics.put(
                "cluster/busy_s/" + executor.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("-$", ""), value));
        seconds.clear();
        return metrics;
    }

    @Override
    public void close() {
        cluster.close();
    }
}
