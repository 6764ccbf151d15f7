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
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Synthesiser;
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
@Command(
        name = "score",
        description =
                "Scores sound and MIDI files with a learned reward; a file that cannot be read is named and left out.")
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

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "WAV, FLAC, MP3 and Ogg Vorbis files; MIDI files (.mid, .midi, .rmi) are rendered.")
    private List<Path> files;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        RewardDirectory directory = RewardDirectory.open(Machine.locate(reward));
        if (RewardKinds.of(directory).readsCaptions() && (caption == null || caption.isBlank())) {
            throw new IllegalArgumentException("--caption is " + (caption == null ? "missing" : "empty")
                    + ", but a reward of the kind " + directory.kind() + " compares files with it");
        }
        RewardModel model = RewardKinds.of(directory).open(directory.kind(), directory);
        Prompt prompt = new Prompt(caption == null || caption.isBlank() ? "none" : caption, Attributes.NONE);
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        List<Sample> samples = new ArrayList<>();
        Map<Path, InvalidFileException> unread = new LinkedHashMap<>();
        for (Path file : files) {
            try {
                samples.add(Sample.of(prompt, clip(file, synthesiser)));
            } catch (InvalidFileException e) {
                unread.put(file, e);
            }
        }
        if (samples.isEmpty()) {
            unread.values().stream().skip(1).forEach(problem -> results.note(problem.getMessage()));
            throw unread.values().iterator().next();
        }
        long started = System.nanoTime();
        List<Score> scores = CheckedReward.score(model, samples);
        report(scores, unread, (System.nanoTime() - started) / NANOS);
        return ExitStatus.OK;
    }

    private static Clip clip(Path file, Synthesiser synthesiser) throws IOException {
        if (MidiFiles.isMidi(file)) {
            Piece piece = MidiFiles.read(file);
            return Clip.of(piece, () -> synthesiser.render(piece));
        }
        return Clip.of(SoundFiles.read(file));
    }

    private void report(List<Score> scores, Map<Path, InvalidFileException> unread, double seconds) {
        List<Map<String, Object>> facts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int next = 0;
        for (Path file : files) {
            Map<String, Object> fact = new LinkedHashMap<>();
            fact.put("file", file.toString());
            if (unread.containsKey(file)) {
                fact.put("score", null);
                fact.put("problem", unread.get(file).problem());
                text.append(file).append(": not scored, ");
                text.append(unread.get(file).problem()).append('\n');
            } else {
                Score score = scores.get(next++);
                fact.put("score", score.abstains() ? null : score.value());
                fact.put("explanation", score.explanation().outline().strip());
                text.append(file).append(": ").append(line(score)).append('\n');
                text.append(
                        score.abstains() ? "" : score.explanation().outline().indent(2));
            }
            facts.add(fact);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("reward", reward.toString());
        all.put("scores", facts);
        all.put("unread", unread.size());
        all.put("wall_s", seconds);
        results.print(all, text.toString().stripTrailing());
        if (!unread.isEmpty()) {
            results.note(unread.size() + " of " + files.size() + " files could not be read and have no score");
        }
    }

    private static String line(Score score) {
        return score.abstains()
                ? "abstains, " + score.explanation().description()
                : String.format(Locale.ROOT, "%.4f", score.value());
    }
}
