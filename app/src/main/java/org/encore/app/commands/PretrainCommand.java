package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RunOptions;
import org.encore.app.config.ConfigReader;
import org.encore.app.report.LossPlot;
import org.encore.app.runs.CodecRun;
import org.encore.app.runs.Machine;
import org.encore.app.runs.RunSession;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.evaluation.likelihood.Likelihood;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.SymbolicCodec;
import org.encore.run.MetricCatalogue;
import org.encore.trainer.codec.CodecSettings;
import org.encore.trainer.pretraining.PretrainSettings;
import org.encore.trainer.pretraining.Pretraining;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a music transformer on captioned pieces, or a neural codec on sound. */
@Command(
        name = "pretrain",
        description =
                "Trains a music transformer on captioned pieces or sound, from scratch or from a checkpoint; or, with a"
                        + " configuration that has the key codec, a neural codec on sound.")
public final class PretrainCommand implements Callable<Integer> {
    @Mixin
    private RunOptions run;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (CodecRun.isMeant(new ConfigReader().rootKeys(Machine.locate(run.path())))) {
            CodecRun.run(run.place("pretrain"), run.config().read(CodecSettings.class), results);
            return ExitStatus.OK;
        }
        PretrainSettings settings = run.config().read(PretrainSettings.class);
        Optional<Path> base = settings.checkpoint().map(Machine::locate);
        // Checked before the run has a directory, so that bad input leaves no directory behind.
        Optional<SymbolicCodec> codec = settings.corpus().codec().map(Codecs::symbolic);
        if (base.isPresent()) {
            CheckpointInfo checkpoint = CheckpointInfo.of(base.get());
            codec.ifPresent(each -> checkpoint.requireCodec(each, "the corpus"));
        } else {
            requireCodec(settings.located(Machine::locate), codec);
        }
        RunSession.run(run.place("pretrain"), settings, session -> pretrain(settings, base, session));
        return ExitStatus.OK;
    }

    /** A new model of sound names its codec, one of notes does not. */
    private static void requireCodec(PretrainSettings settings, Optional<SymbolicCodec> ofNotes) throws IOException {
        Optional<Path> sound = settings.model().codec();
        if (sound.isPresent() && ofNotes.isPresent()) {
            throw new IllegalArgumentException(
                    "model.codec is " + sound.get()
                            + ", but the corpus has notes; études are rendered and encoded with corpus.sound, or leave model.codec out");
        }
        if (sound.isEmpty() && ofNotes.isEmpty()) {
            throw new IllegalArgumentException(
                    "checkpoint is missing, and so is model.codec, but this corpus has no codec of its own:"
                            + " sound is encoded by the codec of a model (checkpoint), or by one for a new model (model.codec)");
        }
        if (sound.isPresent() && !EncodecModel.isIn(sound.get())) {
            throw new InvalidFileException(
                    sound.get(), "holds no EnCodec with its config.json, but model.codec names it as the codec");
        }
    }

    private void pretrain(PretrainSettings settings, Optional<Path> base, RunSession session) throws IOException {
        try (Shards shards = Machine.shards(settings.compute().shards());
                Pretraining training = new Pretraining(
                        settings.located(Machine::locate),
                        base,
                        session.context(),
                        Machine.codec(settings, base, shards),
                        shards)) {
            results.note(plan(settings, training, session));
            session.recordProvenance(
                    settings,
                    training.dataFingerprints(),
                    settings.seed(),
                    shards.kernels(0).description());
            report(training.run(), training, session);
        }
    }

    private static String plan(PretrainSettings s, Pretraining training, RunSession session) {
        return String.format(
                Locale.ROOT,
                "pretraining %d parameters%s in %s: %d steps of %d pieces",
                training.model().trainable().layout().size(),
                s.training().lora().isPresent() ? " of adapters" : "",
                session.directory().path(),
                s.training().steps(),
                s.training().batch());
    }

    private void report(Pretraining.Result result, Pretraining training, RunSession session) throws IOException {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("steps", result.steps());
        summary.put("wall_s", session.seconds());
        summary.put("run", session.directory().path().toString());
        summary.put("checkpoint", result.checkpoint().toString());
        summary.put("model", training.export(result, session.command()).toString());
        summary.put("parameters", training.model().trainable().layout().size());
        summary.put("kept_step", result.keptStep());
        measured(summary, "held_out", result.heldOut());
        result.test().ifPresent(test -> measured(summary, "test", test));
        LossPlot.write(
                session.directory().metrics(),
                List.of(MetricCatalogue.TRAINING_LOSS, MetricCatalogue.HELD_OUT_LOSS),
                "loss in nats a code",
                session.directory().path().resolve("loss.svg"));
        session.finish(summary);
        String text = String.format(
                Locale.ROOT,
                "held-out loss %.4f%s nats a code after %d steps in %.0f s%nmodel: %s%nlook and listen: %s",
                result.heldOutLoss(),
                result.test()
                        .map(test -> String.format(Locale.ROOT, ", test loss %.4f", test.perCode()))
                        .orElse(""),
                result.steps(),
                session.seconds(),
                summary.get("model"),
                session.directory().report());
        results.print(summary, text);
    }

    private static void measured(Map<String, Object> summary, String name, Likelihood.Sums sums) {
        summary.put(name + "_loss", sums.perCode());
        summary.put(name + "_codes", sums.codes());
        summary.put(name + "_loss_with_end", sums.perCodeWithUncounted());
    }
}
