package org.encore.trainer.finetuning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.Manifest;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.Divergence;
import org.encore.evaluation.policy.HeldOutEvaluation;
import org.encore.evaluation.policy.HeldOutEvaluation.PolicyEvaluation;
import org.encore.model.decoding.CodeBatcher;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.learning.LearnerFiles;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Split;
import org.encore.run.MetricCatalogue.Better;
import org.encore.run.MetricsLog;
import org.encore.run.Progress;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.trainer.finetuning.CheckpointChoice.Selection;
import org.encore.trainer.finetuning.FineTuning.Chosen;
import org.encore.trainer.finetuning.Iteration.Environment;

/**
 * Evaluates the policy on development prompts while it trains, and keeps the weights of the step that the rule of {@link
 * CheckpointChoice} chooses in {@code checkpoints/chosen}.
 *
 * <p>All that a choice depends on is in the checkpoint's state and in counter-based random streams, so that a resumed run
 * chooses as an uninterrupted one. Nothing here touches what the training reads: with and without it, weights are the same.
 */
final class HeldOutPoints {
    private static final String PREFIX = "held_out/";
    private static final String COST = "timing_s/held_out";
    private static final int RESAMPLES = 2000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FineTuneSettings settings;
    private final Networks networks;
    private final Origin base;
    private final Corpus corpus;
    private final HeldOutEvaluation evaluation;
    private final RunContext run;
    private final Better better;
    private CheckpointChoice choice = CheckpointChoice.NONE;

    /** Prepares the evaluations of a run. */
    HeldOutPoints(FineTuneSettings settings, Networks networks, Environment environment, Origin base, RunContext run) {
        this.settings = settings;
        this.networks = networks;
        this.base = base;
        this.run = run;
        this.corpus = environment.corpus().on(Split.DEVELOPMENT);
        this.better = settings.selection().better(settings.rewards());
        this.evaluation = new HeldOutEvaluation(
                corpus,
                settings.selection().prompts(),
                List.of(),
                environment.mixture(),
                environment.codec(),
                new RandomStreams(settings.seed()));
    }

    /** Whether a step is evaluated. */
    boolean isDue(long step) {
        return step % settings.evaluation().every() == 0 || step == settings.iterations();
    }

    /** Evaluates the initial model, with which the points of the run begin. */
    Map<String, Double> base() throws IOException {
        return measure(0).metrics;
    }

    /** Evaluates the policy after a step, and keeps its weights if they are the best so far. */
    Map<String, Double> point(long step) throws IOException {
        Point point = measure(step);
        CheckpointChoice before = choice;
        choice = before.after(step, point.evaluation.metrics(), point.divergence.perCode(), rule(), better);
        point.metrics.put(PREFIX + "chosen_step", (double) choice.step());
        if (choice.step() != before.step()) {
            keep(point.evaluation, step);
        }
        explain(step);
        return point.metrics;
    }

    /** Whether the run ends because nothing got better for too long. */
    boolean isExhausted() {
        return choice.isExhausted(rule());
    }

    void write(ObjectNode state) {
        choice.write(state);
    }

    void read(JsonNode state) {
        choice = CheckpointChoice.read(state);
    }

    Chosen chosen(long last) throws IOException {
        List<Double> costs = MetricsLog.values(run.directory().metrics(), COST, last);
        return new Chosen(
                choice.step(),
                reason(last),
                choice.step() > 0 ? Optional.of(run.directory().chosen()) : Optional.empty(),
                costs.size(),
                costs.stream().mapToDouble(Double::doubleValue).sum());
    }

    /** KL of the policy from the reference on its own completions. */
    static Divergence divergence(FineTuneSettings settings, Networks networks, List<CodeSequence> completions) {
        List<CodeBatcher.MicroBatch> microBatches =
                networks.batcher().cut(completions, settings.compute().microBatch()).stream()
                        .map(each -> each.guided(settings.rollout().guidanceScale()))
                        .toList();
        return Divergence.of(
                networks.policy().replicas(), networks.referenceReplicas(), networks.workspaces(), microBatches);
    }

    private Selection rule() {
        return settings.selection();
    }

    private record Point(PolicyEvaluation evaluation, Divergence divergence, Map<String, Double> metrics) {}

    private Point measure(long step) throws IOException {
        long start = run.clock().millis();
        // Without progress: the bar of the training would end and begin anew.
        HeldOutEvaluation.Outcome outcome = evaluation.measure(
                networks.evaluationGenerator(), networks.policy().replicas(), networks.workspaces(), Progress.none());
        Divergence divergence = divergence(settings, networks, outcome.sequences());
        evaluation.remember(outcome.measured(), run.directory().evaluation(step));
        Map<String, Double> metrics = new LinkedHashMap<>();
        outcome.metrics().forEach((name, value) -> metrics.put(PREFIX + name, value));
        metrics.put(PREFIX + "selection", rule().of(outcome.metrics()));
        metrics.put(PREFIX + "kl", divergence.perSequence());
        metrics.put(PREFIX + "kl_per_code", divergence.perCode());
        metrics.put(COST, (run.clock().millis() - start) / 1000.0);
        return new Point(outcome.measured(), divergence, metrics);
    }

    private PolicyEvaluation initial() throws IOException {
        return evaluation.remembered(run.directory().evaluation(0), false);
    }

    private int evaluated(long step) {
        int every = settings.evaluation().every();
        return (int) (step / every + (step % every == 0 ? 0 : 1));
    }

    private String reason(long step) throws IOException {
        return choice.reason(rule(), better, rule().of(initial().metrics()), evaluated(step));
    }

    /** Writes the model, what was measured, and why it was chosen. */
    private void keep(PolicyEvaluation measured, long step) throws IOException {
        PolicyEvaluation before = initial();
        List<String> sources = IntStream.range(0, evaluation.prompts())
                .mapToObj(corpus::heldOutSource)
                .toList();
        Map<String, Interval> differences = measured.minus(before, sources, new Bootstrap(RESAMPLES, settings.seed()));
        String reason = reason(step);
        AtomicFiles.writeDirectory(run.directory().chosen(), directory -> {
            LearnerFiles.saveModel(networks.policy(), Optional.of(base), directory);
            networks.tokenizer().copyTo(directory);
            Files.writeString(
                    directory.resolve("README.md"), card(before.metrics(), measured.metrics(), differences, reason));
            Manifest.write(directory);
        });
    }

    /** Says beside the weights which step was chosen, and why; again after every evaluation. */
    private void explain(long upTo) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("step", choice.step());
        node.put("metric", rule().metric());
        node.put("value", choice.value());
        node.put("kl_per_code", choice.klPerCode());
        node.put("max_kl", rule().maxKl());
        node.put("evaluated_up_to", upTo);
        node.put("reason", reason(upTo));
        AtomicFiles.write(
                run.directory().choice(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(node));
    }

    /** A model card with the measured numbers. */
    private String card(
            Map<String, Double> before, Map<String, Double> after, Map<String, Interval> differences, String reason) {
        StringBuilder card = new StringBuilder("# A policy fine-tuned by reinforcement learning\n\n");
        line(card, "Step %d of a run that began with `%s`.", choice.step(), settings.checkpoint());
        line(card, "Chosen by rule: %s.%n", reason);
        card.append("| | |\n|---|---|\n");
        settings.rewards().forEach(entry -> line(card, "| reward | `%s`, weight %s |", entry.id(), entry.weight()));
        line(
                card,
                "| samples | %d iterations of %d prompts x %d |",
                choice.step(),
                settings.rollout().promptsPerIteration(),
                settings.rollout().samplesPerPrompt());
        line(card, "| seed | %d |", settings.seed());
        line(card, "| KL to the initial model | %.4f nats a code |%n", choice.klPerCode());
        line(
                card,
                "Measured on %d development prompts, by which the step was chosen, so slightly too good; 95 %% intervals of paired"
                        + " differences over prompts:%n",
                evaluation.prompts());
        card.append("| metric | initial model | this | change |\n|---|---|---|---|\n");
        after.forEach((name, value) -> {
            Interval difference = differences.get(name);
            line(
                    card,
                    "| `%s` | %.4f | %.4f | %+.4f%s |",
                    name,
                    before.getOrDefault(name, Double.NaN),
                    value,
                    value - before.getOrDefault(name, Double.NaN),
                    difference == null
                            ? ""
                            : String.format(Locale.ROOT, " [%+.4f, %+.4f]", difference.low(), difference.high()));
        });
        card.append("\nThe run's `config.yaml` and `provenance.json` reproduce it.\n");
        return card.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values).replace("\r", ""))
                .append('\n');
    }
}
