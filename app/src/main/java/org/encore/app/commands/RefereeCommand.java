package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.Codecs;
import org.encore.music.analysis.sound.RefereeFit;
import org.encore.music.analysis.sound.RefereeMeasures;
import org.encore.music.analysis.sound.RefereeMeasures.Question;
import org.encore.music.analysis.sound.SoundReferee;
import org.encore.music.audio.Waveform;
import org.encore.statistics.Interval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how often the referee for sound is wrong, on études it was not calibrated on. */
@Command(
        name = "referee",
        description = "Measures how often the referee for sound is wrong, on rendered études whose notes are known.")
public final class RefereeCommand implements Callable<Integer> {
    private static final int SHARDS = 2;

    @Option(names = "--clips", paramLabel = "N", defaultValue = "400", description = "Test études to hear.")
    private int clips;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "8", description = "Length of a clip.")
    private double seconds;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Seed of the études.")
    private long seed;

    @Option(
            names = "--codec",
            paramLabel = "DIR",
            description =
                    "Hear what a codec of sound makes of the clips: a stand-alone EnCodec, or a MusicGen checkpoint.")
    private Path codec;

    @Option(
            names = "--fit",
            paramLabel = "FILE",
            description =
                    "Calibrate a referee on training études, and write the file that ships; with --codec, on every second as the codec"
                            + " gives it. Nothing is measured.")
    private Path fit;

    @Option(
            names = "--fit-clips",
            paramLabel = "N",
            defaultValue = "6000",
            description = "Training études for --fit; a quarter of them decides when it abstains.")
    private int fitClips;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        try (TerminalProgress progress = new TerminalProgress()) {
            RefereeFit.Listener listener = (done, all) -> progress.step("hearing", done, all, "");
            if (codec == null) {
                run(UnaryOperator.identity(), listener);
                return ExitStatus.OK;
            }
            try (Shards shards = Machine.shards(SHARDS);
                    EncodecCodec neural = Codecs.sound(Machine.locate(codec), shards)) {
                run(sound -> neural.decode(neural.encode(sound)).waveform(), listener);
            }
            return ExitStatus.OK;
        }
    }

    private void run(UnaryOperator<Waveform> through, RefereeFit.Listener listener) throws IOException {
        if (fit != null) {
            new RefereeFit(seed, fitClips, seconds).write(fit, through, listener);
            results.print(Map.of("calibration", fit.toString()), "calibration: " + fit);
            return;
        }
        RefereeMeasures measured = measured(through, listener);
        results.print(facts(measured), text(measured));
    }

    private RefereeMeasures measured(UnaryOperator<Waveform> through, RefereeFit.Listener listener) {
        return RefereeMeasures.of(SoundReferee.standard(), seed, clips, seconds, through, listener);
    }

    private Map<String, Object> facts(RefereeMeasures measured) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("clips", measured.clips());
        facts.put("seconds", seconds);
        if (codec != null) {
            facts.put("codec", codec.toString());
        }
        List<Map<String, Object>> questions = new ArrayList<>();
        for (Question question : measured.questions()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("question", question.name());
            row.put("answered", (double) question.said() / question.asked());
            row.put("wrong", question.error());
            row.put("wrong_without_abstention", (double) question.wrongIfForced() / question.asked());
            row.put("wrong_by_the_commonest", 1.0 - (double) question.commonest() / question.asked());
            questions.add(row);
        }
        facts.put("questions", questions);
        facts.put("tempo_within_4_per_cent", measured.tempoWithin4PerCent());
        facts.put("tempo_or_half_or_double", measured.tempoOrDouble());
        facts.put("tonic_right", measured.tonic());
        facts.put("onsets_per_second_median_error", measured.onsetError());
        return facts;
    }

    /** A table in Markdown, so that it can be published as it is. */
    private static String text(RefereeMeasures measured) {
        StringBuilder text = new StringBuilder();
        text.append(
                "| question | answered | wrong of these | wrong if it may not abstain | who always says the commonest |\n");
        text.append("|---|---|---|---|---|\n");
        for (Question question : measured.questions()) {
            Interval wrong = Interval.ofShare(question.wrong(), Math.max(1, question.said()));
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f %% | %s | %.1f %% | %.1f %% |%n",
                    question.name(),
                    100.0 * question.said() / question.asked(),
                    question.said() == 0
                            ? "-"
                            : String.format(
                                    Locale.ROOT,
                                    "%.1f %% [%.1f, %.1f]",
                                    100.0 * wrong.value(),
                                    100.0 * wrong.low(),
                                    100.0 * wrong.high()),
                    100.0 * question.wrongIfForced() / question.asked(),
                    100.0 * (1.0 - (double) question.commonest() / question.asked())));
        }
        return text
                + String.format(
                        Locale.ROOT,
                        "%nof %d clips: tempo within 4 %% of the true one %.1f %%, or of half or double %.1f %%; tonic that of the"
                                + " notes %.1f %%;%nonsets a second off by %.0f %% (median)",
                        measured.clips(),
                        100.0 * measured.tempoWithin4PerCent(),
                        100.0 * measured.tempoOrDouble(),
                        100.0 * measured.tonic(),
                        100.0 * measured.onsetError());
    }
}
