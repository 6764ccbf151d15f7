package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.codec.Clip;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.specs.RewardKinds;
import org.encore.rewards.trained.RewardDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores sound files with a learned reward. */
@Command(name = "score", description = "Scores WAV and MIDI files with a learned reward.")
public final class RewardScoreCommand implements Callable<Integer> {
    private static final double NANOS = 1e9;

    @Option(names = "--reward", paramLabel = "DIR", required = true, description = "The reward.")
    private Path reward;

    @Option(
            names = "--caption",
            paramLabel = "TEXT",
            showDefaultValue = Visibility.NEVER,
            description = "The caption of the files, for rewards that compare them with it.")
    private String caption;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "WAV files; MIDI files (.mid, .midi) are rendered.")
    private List<Path> files;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        RewardDirectory directory = RewardDirectory.open(Machine.locate(reward));
        if (RewardKinds.of(directory).readsCaptions() && (caption == null || caption.isBlank())) {
            throw new IllegalArgumentException(
                    "--caption is missing, but a reward of the kind " + directory.kind() + " compares files with it");
        }
        RewardModel model = RewardKinds.of(directory).open(directory.kind(), directory);
        Prompt prompt = new Prompt(caption == null || caption.isBlank() ? "none" : caption, Attributes.NONE);
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        List<Sample> samples = new ArrayList<>();
        for (Path file : files) {
            samples.add(Sample.of(prompt, clip(file, synthesiser)));
        }
        long started = System.nanoTime();
        List<Score> scores = CheckedReward.score(model, samples);
        report(scores, (System.nanoTime() - started) / NANOS);
        return ExitStatus.OK;
    }

    private static Clip clip(Path file, Synthesiser synthesiser) throws IOException {
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".*\\.midi?")) {
            Piece piece = MidiFiles.read(file);
            return Clip.of(piece, () -> synthesiser.render(piece));
        }
        return Clip.of(WaveFiles.read(file));
    }

    private void report(List<Score> scores, double seconds) {
        List<Map<String, Object>> facts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("file", files.get(i).toString());
            fact.put("score", score.abstains() ? null : score.value());
            fact.put("explanation", score.explanation().outline().strip());
            facts.add(fact);
            text.append(files.get(i))
                    .append(": ")
                    .append(
                            score.abstains()
                                    ? "abstains, " + score.explanation().description()
                                    : String.format(Locale.ROOT, "%.4f", score.value()))
                    .append('\n')
                    .append(
                            score.abstains()
                                    ? ""
                                    : score.explanation().outline().indent(2));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("reward", reward.toString());
        all.put("scores", facts);
        all.put("wall_s", seconds);
        results.print(all, text.toString().stripTrailing());
    }
}
