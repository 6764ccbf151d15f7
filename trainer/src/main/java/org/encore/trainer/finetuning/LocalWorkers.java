package org.encore.trainer.finetuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.forensics.SampleLine.Confounders;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.CodeModel.TransformerCodes;
import org.encore.evaluation.likelihood.Divergence;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Replicas;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.trainer.finetuning.PolicyImprover.Evidence;
import org.encore.trainer.finetuning.PolicyImprover.PolicyReport;

/** The shards of this process. */
final class LocalWorkers implements Workers {
    private final Networks networks;
    private final AudioCodec codec;
    private final PolicyImprover improver;
    private final RandomStreams streams;
    private final double guidanceScale;

    LocalWorkers(FineTuneSettings settings, Networks networks, AudioCodec codec) {
        this.networks = networks;
        this.codec = codec;
        this.improver = new PolicyImprover(networks.policy(), networks.reference(), settings);
        this.streams = new RandomStreams(settings.seed());
        this.guidanceScale = settings.rollout().guidanceScale();
    }

    @Override
    public Takes take(Draw draw, Mixture mixture, Timings timings, IntConsumer completed) {
        List<Completion> completions = timings.time("generate", () -> complete(draw, completed));
        List<Sample> samples = samples(
                draw.prompts(), completions.stream().map(Completion::codes).toList(), codec);
        RewardScores scores = timings.time("reward", () -> mixture.rewardScores(samples));
        return new Takes(samples, completions, scores, draw.evaluates() ? List.of() : confounders(samples));
    }

    List<Completion> complete(Draw draw, IntConsumer completed) {
        ParallelGenerator generator = draw.evaluates() ? networks.evaluationGenerator() : networks.generator();
        List<Completion> completions = generator.generateReporting(
                draw.prompts().stream().map(Prompt::text).toList(), i -> draw.stream(streams, i), completed);
        if (!draw.evaluates()) {
            Takes.requireFinite(completions);
        }
        return completions;
    }

    static List<Sample> samples(List<Prompt> prompts, List<int[][]> codes, AudioCodec codec) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
            samples.add(Sample.of(prompts.get(i), codec.decode(codes.get(i)), codes.get(i)));
        }
        return samples;
    }

    static List<Map<String, Double>> confounders(List<Sample> samples) {
        return samples.stream().map(Confounders::of).toList();
    }

    @Override
    public List<double[][]> referenceLogProbs(Cut cut) {
        return networks.reference().logProbs(cut.microBatches());
    }

    @Override
    public List<double[][]> unguidedLogProbs(Cut cut) {
        return networks.reference().unguidedLogProbs(cut.microBatches());
    }

    @Override
    public RewardScores scores(List<Prompt> prompts, List<int[][]> codes, Mixture mixture) {
        return mixture.rewardScores(samples(prompts, codes, codec));
    }

    @Override
    public List<double[][]> values(Cut cut) {
        return trunk().values(cut.microBatches());
    }

    @Override
    public List<PolicyReport> accumulatePolicy(Cut cut, Evidence evidence, int stepsInBatch) {
        return improver.accumulate(cut.microBatches(), evidence, stepsInBatch);
    }

    @Override
    public List<Double> accumulateValue(Cut cut, double[][] valuesAtSampling, double[][] returns, int stepsInBatch) {
        return trunk().accumulate(cut.microBatches(), valuesAtSampling, returns, stepsInBatch);
    }

    private TrunkCritic trunk() {
        return networks.trunk().orElseThrow();
    }

    @Override
    public List<Likelihood.Sums> likelihood(Cut cut) {
        return Likelihood.byShard(networks.policy().replicas(), networks.workspaces(), cut.microBatches());
    }

    @Override
    public List<Double> divergence(Cut cut) {
        List<CodeBatcher.MicroBatch> guided = cut.microBatches().stream()
                .map(each -> each.guided(guidanceScale))
                .toList();
        return Divergence.byShard(
                networks.policy().replicas(), networks.referenceReplicas(), networks.workspaces(), guided);
    }

    @Override
    public CodeModel policyCodes() {
        return codes(networks.policy().replicas());
    }

    @Override
    public CodeModel referenceCodes() {
        return codes(networks.referenceReplicas());
    }

    private CodeModel codes(Replicas replicas) {
        return new TransformerCodes(replicas, networks.workspaces(), networks.tokenizer(), Protocol.CORRECT);
    }

    /** Nothing: the networks belong to who made them. */
    @Override
    public void close() {}
}
