package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.encore.app.commands.AccuracyCommand.AccuracyText;
import org.encore.app.commands.ConfigOptions.RunOptions;
import org.encore.app.report.LossPlot;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.Manifest;
import org.encore.model.parallel.Shards;
import org.encore.model.weights.ModelDirectory;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.training.MeasureTraining;
import org.encore.preferences.training.NetworkTraining;
import org.encore.preferences.training.PreferenceLearner;
import org.encore.preferences.training.PreferenceLearner.PreferenceTrainSettings;
import org.encore.rewards.preference.MeasuredPreference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a preference model on votes. */
@Command(name = "train", description = "Trains a preference model on votes, for use as a reward.")
public final class PreferenceTrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        PreferenceTrainSettings settings = run.config().read(PreferenceTrainSettings.class);
        // Checked before the run has a directory, so that bad input leaves no directory behind.
        VoteFilter filter = new VoteFilter(false, settings.pairs().minListeningSeconds(), Set.of());
        ComparisonSet train = ComparisonSet.read(Machine.locate(settings.pairs().train()), filter);
        Optional<ComparisonSet> heldOut = settings.learner() instanceof PreferenceLearner.Network
                ? Optional.of(ComparisonSet.read(
                        Machine.locate(settings.pairs().heldOut().orElseThrow()), filter))
                : Optional.empty();
        heldOut.ifPresent(train::requireApartFrom);
        RunSession.run(run.place("preferences train"), settings, session -> {
            if (settings.learner() instanceof PreferenceLearner.Network network) {
                NetworkTraining.Votes votes = new NetworkTraining.Votes(train, heldOut.orElseThrow());
                NetworkRun.Outcome outcome = new NetworkRun(
                                results, run.config().commandLine("preferences train"))
                        .run(settings, network, votes, session);
                results.print(outcome.summary(), outcome.text());
            } else if (settings.learner() instanceof PreferenceLearner.Measures measures) {
                trainMeasures(settings, measures, train, session);
            }
        });
        return ExitStatus.OK;
    }

    private void trainMeasures(
            PreferenceTrainSettings settings,
            PreferenceLearner.Measures measures,
            ComparisonSet train,
            RunSession session)
            throws IOException {
        NetworkRun.recordProvenance(settings, session, "none", Map.of());
        MeasureTraining.Result result = new MeasureTraining(measures, settings.seed(), train).run();
        Path model = session.directory().path().resolve("model");
        result.save(model, train.likelihood().tie());
        Map<String, Object> weights = new LinkedHashMap<>();
        for (MeasuredPreference.Term term : result.terms()) {
            weights.put(term.measure().key(), term.weight());
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("wall_s", session.seconds());
        summary.put("run", session.directory().path().toString());
        summary.put("model", model.toString());
        summary.put("clips", train.clips().size());
        summary.put("strict_votes", train.strict().size());
        summary.put("held_out_accuracy", result.accuracy());
        summary.put("held_out_votes", result.heldOutVotes());
        summary.put("at_chance", !(result.accuracy().low() > 0.5));
        Map<String, Object> chosen = new LinkedHashMap<>();
        result.chosen().forEach((strength, times) -> chosen.put(String.valueOf(strength), times));
        summary.put("strengths_chosen", chosen);
        summary.put("strength", result.strength());
        summary.put("weights", weights);
        session.finish(summary);
        results.print(
                summary,
                String.format(
                        Locale.ROOT,
                        "votes on clips that were held out: accuracy %.1f %% [%.1f %%, %.1f %%] (%d votes in %d folds"
                                + " dealt %d times)%nmodel: %s",
                        100.0 * result.accuracy().value(),
                        100.0 * result.accuracy().low(),
                        100.0 * result.accuracy().high(),
                        result.heldOutVotes(),
                        measures.folds(),
                        measures.repeats(),
                        model));
        if (!(result.accuracy().low() > 0.5)) {
            results.note("this model is no better than chance on clips that were held out: do not use it as a reward");
        }
    }

    /**
     * Trains a preference network in a run directory, and exports the model for use as a reward.
     *
     * @param results receives notes
     * @param command the command as typed, for the model card
     */
    record NetworkRun(Results results, String command) {
        /**
         * The result of a training.
         *
         * @param scores scores of the held-out clips
         * @param summary the result for programs
         * @param text the result as text
         */
        @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
        record Outcome(double[] scores, Map<String, Object> summary, String text) {}

        Outcome run(
                PreferenceTrainSettings settings,
                PreferenceLearner.Network network,
                NetworkTraining.Votes votes,
                RunSession session)
                throws IOException {
            Path base = Machine.locate(network.checkpoint());
            try (Shards shards = Machine.shards(network.compute().shards());
                    NetworkTraining training = new NetworkTraining(
                            network.from(base), settings.seed(), votes, session.context(), shards)) {
                results.note(String.format(
                        Locale.ROOT,
                        "learning from %d votes on %d clips in %s: %d steps of %d pairs",
                        votes.train().comparisons().size(),
                        votes.train().clips().size(),
                        session.directory().path(),
                        network.training().steps(),
                        network.training().batch()));
                recordProvenance(
                        settings,
                        session,
                        shards.kernels(0).description(),
                        Map.of("checkpoint", ModelDirectory.sha256(base)));
                NetworkTraining.Result result = training.run();
                Path model = session.directory().path().resolve("model");
                training.export(model, result, command);
                Map<String, Object> summary = new LinkedHashMap<>();
                summary.put("steps", result.steps());
                summary.put("wall_s", session.seconds());
                summary.put("run", session.directory().path().toString());
                summary.put("checkpoint", result.checkpoint().toString());
                summary.put("model", model.toString());
                summary.put("train", AccuracyText.of(result.train()));
                summary.put("held_out", AccuracyText.of(result.heldOut()));
                summary.put("slices", AccuracyText.slices(votes.heldOut(), result.scores()));
                if (result.steps() > 0) {
                    LossPlot.write(
                            session.directory().metrics(),
                            List.of("rm/train_accuracy", "rm/accuracy"),
                            "share of strict votes predicted",
                            session.directory().path().resolve("accuracy.svg"));
                }
                session.finish(summary);
                if (result.heldOut().isAtChance()) {
                    results.note("this model is no better than chance on held-out votes: do not use it as a reward");
                }
                return new Outcome(
                        result.scores(),
                        summary,
                        "held-out votes: " + AccuracyText.text(result.heldOut()) + System.lineSeparator() + "model: "
                                + model);
            }
        }

        static void recordProvenance(
                PreferenceTrainSettings settings, RunSession session, String backend, Map<String, String> models)
                throws IOException {
            Map<String, String> data = new LinkedHashMap<>(models);
            data.put("pairs", Manifest.sha256(Machine.locate(settings.pairs().train())));
            session.recordProvenance(settings, data, settings.seed(), backend);
        }
    }
}
