package org.encore.app.commands.preferences.learning;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.encore.app.commands.RunOptions;
import org.encore.app.commands.preferences.votes.AgreementText;
import org.encore.app.report.LossPlot;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.CommandFailedException;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.model.learning.DivergedException;
import org.encore.model.parallel.Shards;
import org.encore.model.weights.ModelDirectory;
import org.encore.music.files.AtomicFiles;
import org.encore.music.files.Manifest;
import org.encore.preferences.VoteFilter;
import org.encore.preferences.training.ComparisonSet;
import org.encore.preferences.training.MeasureTraining;
import org.encore.preferences.training.NetworkTraining;
import org.encore.preferences.training.PairLikelihood;
import org.encore.preferences.training.PreferenceLearner;
import org.encore.preferences.training.PreferenceTrainSettings;
import org.encore.rewards.learned.MeasuredPreference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Learns a reward from votes. */
@Command(name = "train", description = "Learns a reward from votes: a preference model.")
public final class PreferenceTrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        PreferenceTrainSettings settings = run.config().read(PreferenceTrainSettings.class);
        // Before the run has a directory: what cannot begin shall leave nothing behind.
        VoteFilter filter = new VoteFilter(false, settings.pairs().minListeningSeconds(), Set.of());
        ComparisonSet train = ComparisonSet.read(Machine.locate(settings.pairs().train()), filter);
        try (RunSession session = RunSession.open("preference", run.place(), settings)) {
            session.run(() -> {
                if (settings.learner() instanceof PreferenceLearner.Network network) {
                    ComparisonSet heldOut = ComparisonSet.read(
                            Machine.locate(settings.pairs().heldOut().orElseThrow()), filter);
                    trainNetwork(settings, network, new NetworkTraining.Votes(train, heldOut), session);
                } else if (settings.learner() instanceof PreferenceLearner.Measures measures) {
                    trainMeasures(settings, measures, train, session);
                }
            });
        } catch (DivergedException e) {
            throw new CommandFailedException(e.getMessage(), e);
        }
        return ExitStatus.OK;
    }

    private void trainNetwork(
            PreferenceTrainSettings settings,
            PreferenceLearner.Network network,
            NetworkTraining.Votes votes,
            RunSession session)
            throws IOException {
        Path base = Machine.locate(network.checkpoint());
        try (Shards shards = Machine.shards(network.compute().shards());
                RunJournal journal = new RunJournal(session.context());
                NetworkTraining training =
                        new NetworkTraining(network.from(base), settings.seed(), votes, journal, shards)) {
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
            Path model = exported(result.checkpoint(), session);
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("steps", result.steps());
            summary.put("wall_s", session.seconds());
            summary.put("run", session.directory().path().toString());
            summary.put("checkpoint", result.checkpoint().toString());
            summary.put("model", model.toString());
            summary.put("train", FigureFacts.of(result.train()));
            summary.put("held_out", FigureFacts.of(result.heldOut()));
            summary.put("slices", FigureFacts.slices(votes.heldOut(), result.scores()));
            session.finish(summary);
            LossPlot.write(
                    session.directory().metrics(),
                    List.of("rm/train_accuracy", "rm/accuracy"),
                    "share of strict votes foretold",
                    session.directory().path().resolve("accuracy.png"));
            results.print(
                    summary,
                    "held-out votes: " + FigureFacts.text(result.heldOut()) + System.lineSeparator() + "model: "
                            + model);
            if (FigureFacts.isAtChance(result.heldOut())) {
                results.remark("this model is no better than chance on held-out votes: do not reward by it");
            }
        }
    }

    private void trainMeasures(
            PreferenceTrainSettings settings,
            PreferenceLearner.Measures measures,
            ComparisonSet train,
            RunSession session)
            throws IOException {
        recordProvenance(settings, session, "none", Map.of());
        MeasureTraining.Result result = new MeasureTraining(measures, settings.seed(), train).run();
        Path model = session.directory().path().resolve("model");
        result.save(model, PairLikelihood.of(train.comparisons()).tie());
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
        summary.put("held_out_accuracy", AgreementText.interval(result.accuracy()));
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
            results.remark("this model is no better than chance on clips that were held out: do not reward by it");
        }
    }

    private static void recordProvenance(
            PreferenceTrainSettings settings, RunSession session, String backend, Map<String, String> models)
            throws IOException {
        Map<String, String> data = new LinkedHashMap<>(models);
        data.put("pairs", Manifest.sha256(Machine.locate(settings.pairs().train())));
        session.recordProvenance(settings, data, settings.seed(), backend);
    }

    /** Copies what a reward needs of a checkpoint to {@code model}: everything but the optimiser. */
    private static Path exported(Path checkpoint, RunSession session) throws IOException {
        Path target = session.directory().path().resolve("model");
        AtomicFiles.writeDirectory(target, directory -> {
            try (Stream<Path> files = Files.list(checkpoint)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = file.getFileName().toString();
                    if (!name.equals(Manifest.NAME) && !name.equals("trainer_state.json")) {
                        Files.copy(file, directory.resolve(name));
                    }
                }
            }
        });
        return target;
    }
}
