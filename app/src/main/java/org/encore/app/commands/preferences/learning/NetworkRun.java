package org.encore.app.commands.preferences.learning;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.app.report.LossPlot;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.Results;
import org.encore.base.files.Manifest;
import org.encore.model.parallel.Shards;
import org.encore.model.weights.ModelDirectory;
import org.encore.preferences.training.NetworkTraining;
import org.encore.preferences.training.PreferenceLearner;
import org.encore.preferences.training.PreferenceLearner.PreferenceTrainSettings;

/**
 * Trains a preference network in the directory of a run, from the votes to the model that a reward can name.
 *
 * @param results where remarks go
 * @param command what the user asked for, for the model's card
 */
record NetworkRun(Results results, String command) {
    /**
     * Its result.
     *
     * @param scores of the held-out clips
     * @param summary for programs
     * @param text for people
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
                NetworkTraining training =
                        new NetworkTraining(network.from(base), settings.seed(), votes, session.context(), shards)) {
            results.remark(String.format(
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
                    Map.of("checkpoint", Manifest.sha256(base.resolve(ModelDirectory.WEIGHTS))));
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
            session.finish(summary);
            if (result.steps() > 0) {
                LossPlot.write(
                        session.directory().metrics(),
                        List.of("rm/train_accuracy", "rm/accuracy"),
                        "share of strict votes predicted",
                        session.directory().path().resolve("accuracy.png"));
            }
            if (AccuracyText.isAtChance(result.heldOut())) {
                results.remark("this model is no better than chance on held-out votes: do not reward by it");
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
