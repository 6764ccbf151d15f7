package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.app.report.SteeringPage;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.GenerationPipeline.Length;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.text.TextTokenizer;
import org.encore.music.Piece;
import org.encore.music.audio.Loudness;
import org.encore.music.audio.WaveFiles;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.Clip;
import org.encore.music.midi.MidiFiles;
import org.encore.steering.control.Steering;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Generates music for a prompt, as WAV and MIDI. */
@Command(name = "generate", description = "Generates music for a prompt, as WAV and MIDI.")
public final class GenerateCommand implements Callable<Integer> {
    @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "The model.")
    private Path checkpoint;

    @Option(names = "--prompt", paramLabel = "TEXT", required = true, description = "Description of the music.")
    private String prompt;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many pieces.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same pieces.")
    private long seed;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Output directory.")
    private Path out;

    @Mixin
    private SamplingOptions sampled;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description =
                    "Length of a piece of sound; beyond the model's window, at most 30 s, in overlapping windows.")
    private Double seconds;

    @Option(
            names = "--continue",
            paramLabel = "FILE",
            description = "Sound (or MIDI for a model of notes) that the pieces begin with and continue.")
    private Path beginning;

    @Option(
            names = "--extend-stride",
            paramLabel = "S",
            description = "Seconds by which a window begins after the one before; 0.6 of a window if not given.")
    private Double stride;

    @Option(
            names = "--loudness",
            paramLabel = "LUFS",
            defaultValue = "-23",
            description = "Loudness of the sound files by ITU-R BS.1770-4; 0 leaves them as they are.")
    private double loudness;

    @Mixin
    private SteerOptions steer;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (count < 1 || count > 10_000) {
            throw new IllegalArgumentException("--count is " + count + ", but must lie in [1, 10000]");
        }
        Loudness.requireTarget("--loudness", loudness);
        SamplingSettings sampling = sampled.settings();
        Length length = new Length(given(seconds), given(stride), Optional.ofNullable(beginning));
        try (GenerationPipeline pipeline = GenerationPipeline.load(checkpoint, count, prompt)) {
            warnOfUnknownWords(pipeline.model().tokenizer());
            RandomStreams streams = new RandomStreams(seed);
            IntFunction<RandomGenerator> each = i -> streams.stream(Purpose.SAMPLING, i);
            Optional<Steering> steering = steer.steering(pipeline.model());
            List<int[][]> codes = steering.isPresent()
                    ? steered(pipeline, sampling, length, each, steering.get())
                    : plain(pipeline, sampling, length, each);
            report(write(codes, pipeline.model().codec()));
        }
        return ExitStatus.OK;
    }

    private static OptionalDouble given(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private List<int[][]> plain(
            GenerationPipeline pipeline, SamplingSettings sampling, Length length, IntFunction<RandomGenerator> streams)
            throws IOException {
        try (TerminalProgress progress = new TerminalProgress()) {
            return pipeline.generate(Collections.nCopies(count, prompt), sampling, length, streams, progress);
        }
    }

    private List<int[][]> steered(
            GenerationPipeline pipeline,
            SamplingSettings sampling,
            Length length,
            IntFunction<RandomGenerator> streams,
            Steering steering)
            throws IOException {
        Request request = pipeline.request(prompt, length);
        List<Completion> completions =
                pipeline.generate(Collections.nCopies(count, request), sampling, streams, steering);
        results.note("look: "
                + SteeringPage.write(
                        out, prompt, steering, completions, pipeline.model().codec()));
        return completions.stream().map(Completion::codes).toList();
    }

    private void warnOfUnknownWords(TextTokenizer tokenizer) {
        if (tokenizer.capacity() == 0) {
            results.note("the model reads no text, so the prompt has no effect");
        }
        List<String> unknown = tokenizer.unknownWords(prompt);
        if (!unknown.isEmpty()) {
            results.note("the model does not know these words of the prompt: " + String.join(", ", unknown));
        }
    }

    private List<Map<String, Object>> write(List<int[][]> codes, AudioCodec codec) throws IOException {
        List<Map<String, Object>> pieces = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
            Clip clip = codec.decode(codes.get(i));
            Map<String, Object> facts = write(clip, loudness, out, String.format(Locale.ROOT, "%03d", i));
            facts.put("codes", codes.get(i)[0].length);
            facts.put("seconds", clip.waveform().seconds());
            pieces.add(facts);
        }
        return pieces;
    }

    /** Writes the sound at a loudness, 0 as it is, and the notes if the clip has notes. */
    static Map<String, Object> write(Clip clip, double loudness, Path directory, String name) throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        Path wav = directory.resolve(name + ".wav");
        WaveFiles.write(wav, Loudness.matched(clip.waveform(), loudness));
        facts.put("wav", wav.toString());
        Optional<Piece> notes = clip.piece().filter(piece -> !piece.notes().isEmpty());
        if (notes.isPresent()) {
            Path midi = directory.resolve(name + ".mid");
            MidiFiles.write(midi, notes.get());
            facts.put("midi", midi.toString());
        }
        return facts;
    }

    private void report(List<Map<String, Object>> pieces) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("prompt", prompt);
        facts.put("seed", seed);
        facts.put("pieces", pieces);
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> piece : pieces) {
            double seconds = (Double) piece.get("seconds");
            text.append(String.format(
                    Locale.ROOT, "%s  %.1f s, %s codes%n", piece.get("wav"), seconds, piece.get("codes")));
        }
        results.print(facts, text.toString().stripTrailing());
    }
}
