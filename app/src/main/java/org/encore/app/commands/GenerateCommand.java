package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.app.report.SteeringPage;
import org.encore.app.runs.GenerationPipeline;
import org.encore.app.runs.GenerationPipeline.Length;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.text.TextTokenizer;
import org.encore.music.audio.Loudness;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.Clip;
import org.encore.music.codec.ClipFiles;
import org.encore.music.corpus.PromptCorpus;
import org.encore.steering.control.Steering;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Generates music for a prompt, as WAV and MIDI. */
@Command(name = "generate", description = "Generates music for a prompt, as WAV and MIDI.")
public final class GenerateCommand implements Callable<Integer> {
    private static final int MOST_PIECES = 10_000;

    /** Unknown words that are named. */
    private static final int MOST_WORDS = 12;

    @Option(names = "--checkpoint", paramLabel = "DIR", required = true, description = "The model.")
    private Path checkpoint;

    @ArgGroup(multiplicity = "1")
    private PromptOptions prompts;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many pieces for each prompt.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Same seed, same pieces.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Output directory: 000.wav, 000.mid, 000.json and so on, as a listening test reads them.")
    private Path out;

    @Option(
            names = "--overwrite",
            showDefaultValue = Help.Visibility.NEVER,
            description = "Replace files of the same names in the output directory; without it they are kept.")
    private boolean overwrite;

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

    /** What music is asked for. */
    private static final class PromptOptions {
        @Option(
                names = "--prompt",
                paramLabel = "TEXT",
                required = true,
                showDefaultValue = Help.Visibility.NEVER,
                description = "Description of the music; may be given several times.")
        private List<String> texts;

        @Option(
                names = "--prompts",
                paramLabel = "FILE",
                required = true,
                description =
                        "Descriptions from a file: a line each, or CSV or JSONL with a column caption, prompt, text"
                                + " or description.")
        private Path file;

        List<String> all() throws IOException {
            List<String> all = texts != null ? texts : PromptCorpus.prompts(Machine.locate(file), Optional.empty());
            if (all.isEmpty()) {
                throw new InvalidFileException(file, "has no prompts, but needs at least one");
            }
            return all;
        }
    }

    /**
     * A piece to write.
     *
     * @param name of its files
     */
    private record Order(String name, String prompt) {}

    @Override
    public Integer call() throws IOException {
        List<Order> orders = orders();
        Loudness.requireTarget("--loudness", loudness);
        SamplingSettings sampling = sampled.settings();
        Length length = new Length(given(seconds), given(stride), Optional.ofNullable(beginning));
        List<String> texts = orders.stream().map(Order::prompt).toList();
        try (GenerationPipeline pipeline = GenerationPipeline.load(checkpoint, texts);
                TerminalProgress progress = new TerminalProgress()) {
            warnOfUnknownWords(pipeline.model().tokenizer(), new LinkedHashSet<>(texts));
            RandomStreams streams = new RandomStreams(seed);
            IntFunction<RandomGenerator> each = i -> streams.stream(Purpose.SAMPLING, i);
            Optional<Steering> steering = steer.steering(pipeline.model());
            List<int[][]> codes;
            if (steering.isPresent()) {
                codes = steered(pipeline, texts, sampling, length, each, steering.get(), progress);
            } else {
                codes = pipeline.generate(texts, sampling, length, each, progress);
            }
            report(write(orders, codes, sampling, pipeline.model().codec(), progress), texts);
        }
        return ExitStatus.OK;
    }

    /** The pieces in the order of the prompts, {@code --count} for each. */
    private List<Order> orders() throws IOException {
        List<String> texts = prompts.all();
        if (count < 1 || (long) count * texts.size() > MOST_PIECES) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "--count is %d for %d prompts, but must be at least 1, and all pieces together at most %d",
                    count,
                    texts.size(),
                    MOST_PIECES));
        }
        List<Order> orders = new ArrayList<>();
        for (String text : texts) {
            for (int i = 0; i < count; i++) {
                orders.add(new Order(String.format(Locale.ROOT, "%03d", orders.size()), text));
            }
        }
        if (!overwrite) {
            for (Order order : orders) {
                for (Path file : ClipFiles.existing(out, order.name())) {
                    throw new InvalidFileException(
                            file, "exists already; name another directory with --out, or add --overwrite");
                }
            }
        }
        return orders;
    }

    private static OptionalDouble given(Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private List<int[][]> steered(
            GenerationPipeline pipeline,
            List<String> texts,
            SamplingSettings sampling,
            Length length,
            IntFunction<RandomGenerator> streams,
            Steering steering,
            TerminalProgress progress)
            throws IOException {
        Request each = pipeline.request("", length);
        List<Request> requests = texts.stream()
                .map(text -> new Request(Optional.of(text), each.prefix(), each.frames()))
                .toList();
        List<Completion> completions = pipeline.generate(requests, sampling, streams, steering, progress);
        results.note("look: "
                + SteeringPage.write(
                        out, texts, steering, completions, pipeline.model().codec()));
        return completions.stream().map(Completion::codes).toList();
    }

    private void warnOfUnknownWords(TextTokenizer tokenizer, Set<String> texts) {
        if (tokenizer.capacity() == 0) {
            results.note("the model reads no text, so the prompt has no effect");
        }
        Set<String> unknown = new LinkedHashSet<>();
        texts.forEach(text -> unknown.addAll(tokenizer.unknownWords(text)));
        if (!unknown.isEmpty()) {
            String more = unknown.size() > MOST_WORDS ? " and " + (unknown.size() - MOST_WORDS) + " more" : "";
            results.note("the model does not know these words of the prompt: "
                    + String.join(", ", unknown.stream().limit(MOST_WORDS).toList()) + more
                    + " (./encore info " + checkpoint + " lists those it knows)");
        }
    }

    private List<Map<String, Object>> write(
            List<Order> orders,
            List<int[][]> codes,
            SamplingSettings sampling,
            AudioCodec codec,
            TerminalProgress progress)
            throws IOException {
        List<Map<String, Object>> pieces = new ArrayList<>();
        for (int i = 0; i < codes.size(); i++) {
            Order order = orders.get(i);
            int frames = codes.get(i)[0].length;
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("codes", frames);
            facts.put("checkpoint", checkpoint.toString());
            facts.put("seed", seed);
            facts.put("sampling", sampling);
            Clip clip = codec.decode(codes.get(i));
            ClipFiles files = ClipFiles.write(out, order.name(), clip, loudness, order.prompt(), facts);
            Map<String, Object> piece = new LinkedHashMap<>();
            piece.put("wav", files.wav().toString());
            files.midi().ifPresent(midi -> piece.put("midi", midi.toString()));
            piece.put("json", files.json().toString());
            piece.put("codes", frames);
            piece.put("seconds", clip.waveform().seconds());
            pieces.add(piece);
            progress.step("writing", i + 1, codes.size(), "");
        }
        return pieces;
    }

    private void report(List<Map<String, Object>> pieces, List<String> texts) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (texts.stream().distinct().count() == 1) {
            facts.put("prompt", texts.get(0));
        } else {
            facts.put("prompts", texts);
        }
        facts.put("seed", seed);
        facts.put("pieces", pieces);
        StringBuilder text = new StringBuilder();
        for (Map<String, Object> piece : pieces) {
            double length = (Double) piece.get("seconds");
            text.append(
                    String.format(Locale.ROOT, "%s  %.1f s, %s codes%n", piece.get("wav"), length, piece.get("codes")));
        }
        results.print(facts, text.toString().stripTrailing());
    }
}
