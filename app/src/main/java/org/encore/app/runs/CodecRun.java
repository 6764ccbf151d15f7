package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.encore.app.report.LossPlot;
import org.encore.app.terminal.Results;
import org.encore.evaluation.codec.CodecEvaluation;
import org.encore.evaluation.codec.SoundDistances;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.parallel.Shards;
import org.encore.trainer.codec.CodecSettings;
import org.encore.trainer.codec.CodecTraining;

/** One training of a codec, from its configuration to its results; and how its figures are told. */
public final class CodecRun {
    private static final String SIZES = "codec";

    private CodecRun() {}

    /** Whether a configuration with these keys at its root trains a codec. */
    public static boolean isMeant(Set<String> rootKeys) {
        return rootKeys.contains(SIZES);
    }

    /** Runs, or resumes, a training. */
    public static void run(RunSession.Place place, CodecSettings settings, Results results) throws IOException {
        RunSession.run(place, settings, session -> train(settings, session, results));
    }

    private static void train(CodecSettings settings, RunSession session, Results results) throws IOException {
        try (Shards shards = Machine.shards(settings.compute().shards())) {
            CodecTraining training = new CodecTraining(settings, session.context(), shards);
            int parameters = EncodecParameters.count(training.model().config());
            results.note(String.format(
                    Locale.ROOT,
                    "pretraining a codec of %d parameters in %s: %d steps of %d clips of %s s",
                    parameters,
                    session.directory().path(),
                    settings.training().steps(),
                    settings.training().batch(),
                    settings.training().clipSeconds()));
            session.recordProvenance(
                    settings,
                    training.dataFingerprints(),
                    settings.seed(),
                    shards.kernels(0).description());
            CodecTraining.Result result = training.run(session.command());
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("steps", result.steps());
            summary.put("wall_s", session.seconds());
            summary.put("run", session.directory().path().toString());
            summary.put("checkpoint", result.checkpoint().toString());
            summary.put("model", result.model().toString());
            summary.put("parameters", parameters);
            summary.put("split", result.split().name().toLowerCase(Locale.ROOT));
            summary.put("codec", facts(result.report()));
            session.finish(summary);
            Path plot = session.directory().path().resolve("loss.svg");
            LossPlot.write(
                    session.directory().metrics(),
                    List.of("loss/codec", "loss/codec_held_out"),
                    "loss of the codec",
                    plot);
            results.print(
                    summary,
                    table(result.report())
                            + String.format(
                                    Locale.ROOT,
                                    "%d steps in %.0f s%nmodel: %s%nlook and listen: %s",
                                    result.steps(),
                                    session.seconds(),
                                    result.model(),
                                    session.directory().report()));
        }
    }

    /** Figures of a codec, for programs. */
    public static Map<String, Object> facts(CodecEvaluation.Report report) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("clips", report.clips());
        facts.put("seconds", report.seconds());
        facts.put("si_sdr", report.all().siSdr());
        facts.put("log_mel_distance", report.all().logMel());
        facts.put("log_spectral_distance", report.all().logSpectral());
        facts.put("bits_per_second", report.bitsPerSecond());
        facts.put("encoding_times_real_time", report.encodingTimesRealTime());
        facts.put("decoding_times_real_time", report.decodingTimesRealTime());
        facts.put("perplexities", report.perplexities());
        facts.put(
                "by_codebooks",
                report.byCodebooks().stream().map(CodecRun::facts).toList());
        facts.put("silence", facts(report.silence()));
        return facts;
    }

    /** Distances, for programs. */
    public static Map<String, Object> facts(SoundDistances distances) {
        Map<String, Object> facts = new LinkedHashMap<>();
        // Silence has no ratio, and JSON no number for it.
        facts.put("si_sdr", Double.isFinite(distances.siSdr()) ? distances.siSdr() : null);
        facts.put("log_mel_distance", distances.logMel());
        facts.put("log_spectral_distance", distances.logSpectral());
        return facts;
    }

    /** Figures of a codec, for people; ends with a line break. */
    public static String table(CodecEvaluation.Report report) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-18s %10s %14s %18s %11s   (%d clips, %.0f s)%n",
                "codebooks",
                "SI-SDR, dB",
                "log-mel, dB",
                "log-spectral, dB",
                "perplexity",
                report.clips(),
                report.seconds()));
        text.append(row("silence", report.silence())).append(System.lineSeparator());
        for (int n = 1; n <= report.byCodebooks().size(); n++) {
            SoundDistances each = report.byCodebooks().get(n - 1);
            text.append(row(Integer.toString(n), each))
                    .append(String.format(
                            Locale.ROOT, " %11.1f%n", report.perplexities().get(n - 1)));
        }
        return text.append(String.format(
                        Locale.ROOT,
                        "%.2f kbit/s; encoding %.0f, decoding %.0f times as fast as the sound plays%n",
                        report.bitsPerSecond() / 1000.0,
                        report.encodingTimesRealTime(),
                        report.decodingTimesRealTime()))
                .toString();
    }

    /** A row of {@link #table}, up to the perplexity. */
    public static String row(String name, SoundDistances distances) {
        String ratio = Double.isFinite(distances.siSdr()) ? String.format(Locale.ROOT, "%.2f", distances.siSdr()) : "";
        return String.format(
                Locale.ROOT, "%-18s %10s %14.2f %18.2f", name, ratio, distances.logMel(), distances.logSpectral());
    }
}
