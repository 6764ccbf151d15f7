package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.specs.RewardKinds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures how long learned rewards take for a batch of clips, rendering included. */
@Command(name = "bench", description = "Measures how long rewards take to render and score clips.")
public final class RewardBenchCommand implements Callable<Integer> {
    private static final long SEED = 1;
    private static final double NANOS = 1e9;

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "The rewards; every clip is scored by all of them.")
    private List<Path> rewards;

    @Option(names = "--clips", paramLabel = "N", defaultValue = "64", description = "Clips of a batch.")
    private int clips;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "10", description = "Length of a clip.")
    private double seconds;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "Timed runs, after one to warm up.")
    private int runs;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (clips < 1 || clips > 10_000 || runs < 1 || !(seconds >= 2.0 && seconds <= 60.0)) {
            throw new IllegalArgumentException("--clips is " + clips + ", --runs " + runs + " and --seconds " + seconds
                    + ", but must lie in [1, 10000], be at least 1, and lie in [2, 60]");
        }
        List<RewardModel> models = new ArrayList<>();
        for (Path reward : rewards) {
            models.add(RewardKinds.open("reward" + models.size(), Machine.locate(reward)));
        }
        List<CaptionedPiece> pieces = new EtudeCorpus(SEED).heldOut(clips);
        seconds(models, pieces);
        double[] times = IntStream.range(0, runs)
                .mapToDouble(run -> seconds(models, pieces))
                .sorted()
                .toArray();
        report(times);
        return ExitStatus.OK;
    }

    /** Seconds for one batch of clips that are not rendered yet. */
    private double seconds(List<RewardModel> models, List<CaptionedPiece> pieces) {
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        List<Sample> samples = new ArrayList<>();
        for (CaptionedPiece item : pieces) {
            Piece piece = cut(item.piece(), seconds - synthesiser.settings().tailSeconds());
            samples.add(Sample.of(item.prompt(), Clip.of(piece, () -> synthesiser.render(piece))));
        }
        long start = System.nanoTime();
        models.forEach(model -> CheckedReward.score(model, samples));
        return (System.nanoTime() - start) / NANOS;
    }

    /** Cuts a piece to a length; the last notes are held to the end. */
    private static Piece cut(Piece piece, double until) {
        int end = (int) (until / piece.secondsPerTick());
        List<Note> notes = piece.until(end).notes();
        int last = notes.stream().mapToInt(Note::onset).max().orElse(0);
        List<Note> held = notes.stream()
                .map(note -> note.onset() < last
                        ? note
                        : new Note(note.instrument(), last, end - last, note.pitch(), note.velocity()))
                .toList();
        return new Piece(piece.tempoBpm(), piece.meter(), held);
    }

    private void report(double[] times) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("rewards", rewards.stream().map(Path::toString).toList());
        facts.put("clips", clips);
        facts.put("clip_seconds", seconds);
        facts.put("cores", Runtime.getRuntime().availableProcessors());
        facts.put("seconds_median", times[times.length / 2]);
        facts.put("seconds_min", times[0]);
        facts.put("seconds_max", times[times.length - 1]);
        results.print(
                facts,
                String.format(
                        Locale.ROOT,
                        "%d clips of %.0f s, rendered and scored by %d rewards on %d cores: median %.2f s (%.2f to %.2f)",
                        clips,
                        seconds,
                        rewards.size(),
                        Runtime.getRuntime().availableProcessors(),
                        times[times.length / 2],
                        times[0],
                        times[times.length - 1]));
    }
}
