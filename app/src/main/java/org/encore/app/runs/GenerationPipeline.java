package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.parallel.Shards;
import org.encore.model.parallel.WindowedGenerator;
import org.encore.model.parallel.WindowedGenerator.Windows;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.model.text.TextTokenizer;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.midi.MidiFiles;
import org.encore.run.Progress;

/** Generates completions with a checkpoint on the shards of this machine. */
public final class GenerationPipeline implements AutoCloseable {
    private static final int MOST_PER_SHARD = 16;

    /** Frames by which a length in seconds may miss a whole number of frames. */
    private static final double ROUNDING = 1e-6;

    private final Shards shards;
    private final PretrainedModel model;

    private GenerationPipeline(Shards shards, PretrainedModel model) {
        this.shards = shards;
        this.model = model;
    }

    /**
     * Loads a checkpoint.
     *
     * @param path as given; also searched in the directory of Encore
     * @param count number of completions generated at once, at least 1
     */
    public static GenerationPipeline load(Path path, int count) throws IOException {
        return load(CheckpointInfo.of(Machine.locate(path)), count, TextTokenizer.MAX_TOKENS);
    }

    /**
     * {@link #load(Path, int)} for prompts of any length up to {@value TextTokenizer#MOST_TOKENS} tokens.
     *
     * @param prompts one for each completion, at least one
     */
    public static GenerationPipeline load(Path path, List<String> prompts) throws IOException {
        CheckpointInfo checkpoint = CheckpointInfo.of(Machine.locate(path));
        // Buffers have the size of the longest prompt, so it must be known before there are any.
        int tokens = TextTokenizer.MAX_TOKENS;
        try (TextTokenizer tokenizer = checkpoint.tokenizer(Short.MAX_VALUE)) {
            for (String prompt : Set.copyOf(prompts)) {
                tokens = Math.max(tokens, tokenizer.encode(prompt).length);
            }
        }
        return load(checkpoint, prompts.size(), Math.min(tokens, TextTokenizer.MOST_TOKENS));
    }

    private static GenerationPipeline load(CheckpointInfo checkpoint, int count, int maxTokens) throws IOException {
        Shards shards = Machine.shards(Math.min(2, count));
        try {
            return new GenerationPipeline(shards, PretrainedModel.open(checkpoint, shards, maxTokens));
        } catch (IOException | RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    /** The model, with its tokenizer and codec. */
    public PretrainedModel model() {
        return model;
    }

    /**
     * Generates one completion for each prompt.
     *
     * @param streams random stream of each completion, by the index of its prompt
     */
    public List<Completion> generate(
            List<String> prompts, SamplingSettings sampling, IntFunction<RandomGenerator> streams) {
        try (ParallelGenerator generator = model.generator(sampling, batch(prompts))) {
            return generator.generate(prompts, streams);
        }
    }

    /**
     * How long pieces are and what they begin with.
     *
     * @param seconds length of a piece, its beginning included; empty for the model's window
     * @param stride seconds by which windows move on in pieces longer than a window; empty for {@value #STRIDE} of the window
     * @param beginning sound or MIDI that the pieces continue
     */
    public record Length(OptionalDouble seconds, OptionalDouble stride, Optional<Path> beginning) {
        /** MusicGen was trained on 30 seconds, though it has positions for more. */
        private static final double WINDOW_SECONDS = 30;

        /** 18 of 30 seconds, as in audiocraft. */
        private static final double STRIDE = 0.6;

        private static final double MOST_SECONDS = 3600;

        public Length {
            seconds.ifPresent(value -> requireTime("--seconds", value));
            stride.ifPresent(value -> requireTime("--extend-stride", value));
        }

        private static void requireTime(String option, double value) {
            if (!(value > 0 && value <= MOST_SECONDS)) {
                throw new IllegalArgumentException(
                        option + " is " + value + ", but must be above 0 and at most " + (int) MOST_SECONDS);
            }
        }

        private Windows windows(int most, double framesPerSecond) {
            int frames = Math.min(most, (int) Math.round(WINDOW_SECONDS * framesPerSecond));
            double moved = stride.isPresent() ? stride.getAsDouble() * framesPerSecond : STRIDE * frames;
            int step = Math.max(1, (int) Math.round(moved));
            if (step >= frames) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "--extend-stride is %s s, but must be shorter than the model's window of %.2f s",
                        stride.orElse(step / framesPerSecond),
                        frames / framesPerSecond));
            }
            return new Windows(frames, step);
        }

        private int total(int given, Windows windows, double framesPerSecond) {
            int total = seconds.isPresent()
                    ? Math.max(1, (int) Math.round(seconds.getAsDouble() * framesPerSecond))
                    : windows.frames();
            if (given >= total) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "--continue has %.2f s, but a piece of %.2f s begins with them; make --seconds longer than both",
                        given / framesPerSecond,
                        total / framesPerSecond));
            }
            return total;
        }
    }

    /**
     * Generates the codes of one piece for each prompt, longer than the model's window or from a given beginning.
     *
     * @param streams random stream of each piece, by the index of its prompt
     * @param progress is told of the steps of models of sound, and of the pieces of others
     * @return codes of each piece, its beginning included, {@code [K][F]}
     * @throws IllegalArgumentException if the length does not fit the beginning, or the model's codec
     */
    public List<int[][]> generate(
            List<String> prompts,
            SamplingSettings sampling,
            Length length,
            IntFunction<RandomGenerator> streams,
            Progress progress)
            throws IOException {
        Optional<WaveformEncoder> encoder = model.codec().encoder();
        return encoder.isPresent()
                ? sound(prompts, sampling, length, encoder.get(), streams, progress)
                : notes(prompts, sampling, length, streams, progress);
    }

    private List<int[][]> sound(
            List<String> prompts,
            SamplingSettings sampling,
            Length length,
            WaveformEncoder encoder,
            IntFunction<RandomGenerator> streams,
            Progress progress)
            throws IOException {
        double rate = encoder.framesPerSecond();
        Windows windows = length.windows(model.maxFrames(), rate);
        int[][] prefix = beginning(length);
        int given = prefix[0].length;
        int total = length.total(given, windows, rate);
        try (ParallelGenerator generator =
                model.generator(sampling, batch(prompts), Math.min(total, windows.frames()))) {
            WindowedGenerator windowed =
                    new WindowedGenerator(generator, model.checkpoint().pattern(), windows);
            long steps = prompts.size() * windowed.steps(given, total);
            return windowed.generate(prompts, prefix, total, streams, done -> report(progress, done, steps));
        }
    }

    /** The codes of a sound, without a last frame that it does not fill. */
    private static int[][] beginning(Path file, WaveformEncoder encoder) throws IOException {
        Waveform sound = SoundFiles.readWithChannels(file);
        int whole = (int) Math.floor(sound.seconds() * encoder.framesPerSecond() + ROUNDING);
        if (whole == 0) {
            throw new InvalidFileException(
                    file, "is shorter than a frame of the codec, so there is nothing to continue");
        }
        int[][] codes = encoder.encode(sound);
        for (int k = 0; k < codes.length; k++) {
            codes[k] = Arrays.copyOf(codes[k], Math.min(whole, codes[k].length));
        }
        return codes;
    }

    private List<int[][]> notes(
            List<String> prompts,
            SamplingSettings sampling,
            Length length,
            IntFunction<RandomGenerator> streams,
            Progress progress)
            throws IOException {
        requireNoSeconds(length);
        int[][] prefix = beginning(length);
        List<Request> requests = prompts.stream()
                .map(prompt -> new Request(Optional.of(prompt), prefix, model.maxFrames()))
                .toList();
        return generate(requests, sampling, streams, SequenceTap.Source.NONE, progress).stream()
                .map(Completion::codes)
                .toList();
    }

    /** The codes of a MIDI file without their end. */
    private static int[][] beginning(Path file, SymbolicCodec codec, int most) throws IOException {
        int[][] codes;
        try {
            codes = codec.encode(MidiFiles.read(file));
        } catch (IllegalArgumentException e) {
            throw new InvalidFileException(file, e.getMessage(), e);
        }
        int frames = codes[0].length - 1;
        if (frames < 1 || frames >= most) {
            throw new InvalidFileException(
                    file,
                    "has " + frames + " codes, but a piece to continue must have at least 1 and fewer than the " + most
                            + " that the model writes");
        }
        for (int k = 0; k < codes.length; k++) {
            codes[k] = Arrays.copyOf(codes[k], frames);
        }
        return codes;
    }

    private void report(Progress progress, long done, long steps) {
        synchronized (progress) {
            progress.step("generating", done, steps, "");
        }
    }

    private int batch(List<?> prompts) {
        return Math.min(MOST_PER_SHARD, (prompts.size() + shards.count() - 1) / shards.count());
    }

    /**
     * {@link #generate(List, SamplingSettings, IntFunction)} from given beginnings and with taps, such as steering.
     *
     * @param streams random stream of each completion, by the index of its request
     * @param progress is told of each completion
     */
    public List<Completion> generate(
            List<Request> requests,
            SamplingSettings sampling,
            IntFunction<RandomGenerator> streams,
            SequenceTap.Source taps,
            Progress progress) {
        try (ParallelGenerator generator = model.generator(sampling, batch(requests))) {
            return generator.generateReporting(
                    requests, streams, taps, done -> report(progress, done, requests.size()));
        }
    }

    /**
     * A piece within one window of the model: of sound as long as asked for, or as the window.
     *
     * @throws IllegalArgumentException if the piece is longer, or of notes with a length in seconds
     */
    public Request request(String prompt, Length length) throws IOException {
        int[][] prefix = beginning(length);
        Optional<WaveformEncoder> encoder = model.codec().encoder();
        if (encoder.isEmpty()) {
            requireNoSeconds(length);
            return new Request(Optional.of(prompt), prefix);
        }
        double rate = encoder.get().framesPerSecond();
        Windows windows = length.windows(model.maxFrames(), rate);
        int total = length.total(prefix[0].length, windows, rate);
        if (total > windows.frames() || length.stride().isPresent()) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "--steer works within one window of the model, here %.2f s: give a shorter --seconds, and no"
                            + " --extend-stride",
                    windows.frames() / rate));
        }
        return new Request(Optional.of(prompt), prefix, total);
    }

    private void requireNoSeconds(Length length) {
        if (length.seconds().isPresent() || length.stride().isPresent()) {
            throw new IllegalArgumentException("--seconds and --extend-stride are for models of sound; this one writes "
                    + model.codec().name() + ", whose pieces end by themselves");
        }
    }

    /** The codes that pieces begin with, {@code [K][P]}; without any, no frames. */
    public int[][] beginning(Length length) throws IOException {
        if (length.beginning().isEmpty()) {
            return new int[model.codec().codebooks()][0];
        }
        Optional<WaveformEncoder> encoder = model.codec().encoder();
        return encoder.isPresent()
                ? beginning(length.beginning().get(), encoder.get())
                : beginning(length.beginning().get(), model.symbolicCodec(), model.maxFrames());
    }

    /** Decodes codes; sound of a neural codec is rendered at once, because the codec is closed with this pipeline. */
    public Clip clip(int[][] codes) {
        Clip clip = model.codec().decode(codes);
        if (clip.piece().isEmpty()) {
            clip.waveform();
        }
        return clip;
    }

    @Override
    public void close() {
        model.close();
        shards.close();
    }
}
