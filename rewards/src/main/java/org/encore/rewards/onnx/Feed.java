package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.encore.model.text.TextTokenizer;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Waveform;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.rewards.onnx.Onnx.Windows;
import org.encore.rewards.onnx.OnnxInput.LogMel.Axes;

/** Turns windows of samples into tensors of a model. */
interface Feed extends AutoCloseable {
    /** The inputs that it fills, with their element types. */
    Map<String, OnnxJavaType> inputs();

    /** Whether all windows of equal length give tensors of equal shape. */
    boolean isOfOneShape();

    /** The tensors of some windows of equal length, by the names of the inputs; closed by the caller. */
    Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException;

    @Override
    default void close() {}

    /** Feeds a log-mel spectrogram. */
    final class LogMelFeed implements Feed {
        private final OnnxInput.LogMel input;
        private final Spectrograph spectrograph;

        LogMelFeed(OnnxInput.LogMel input) {
            this.input = input;
            this.spectrograph = new Spectrograph(input.spectrum());
        }

        @Override
        public Map<String, OnnxJavaType> inputs() {
            return Map.of(input.name(), OnnxJavaType.FLOAT);
        }

        @Override
        public boolean isOfOneShape() {
            return true;
        }

        @Override
        public Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException {
            List<Spectrogram> spectrograms = windows.parallelStream()
                    .map(window -> spectrograph.of(window.sound()))
                    .toList();
            int frames = spectrograms.get(0).frames();
            int bands = spectrograms.get(0).bands();
            boolean framesFirst = input.axes() == Axes.FRAMES_BANDS;
            int outer = framesFirst ? frames : bands;
            int inner = framesFirst ? bands : frames;
            FloatBuffer all =
                    FloatBuffer.allocate(Math.multiplyExact(windows.size(), Math.multiplyExact(frames, bands)));
            for (Spectrogram each : spectrograms) {
                for (int i = 0; i < outer; i++) {
                    for (int j = 0; j < inner; j++) {
                        float level = framesFirst ? each.at(i, j) : each.at(j, i);
                        all.put((float) ((level - input.offset()) / input.scale()));
                    }
                }
            }
            long count = windows.size();
            long[] shape = input.channelAxis() ? new long[] {count, 1, outer, inner} : new long[] {count, outer, inner};
            return Map.of(input.name(), OnnxTensor.createTensor(environment, all.flip(), shape));
        }
    }

    /** Feeds the token ids of the caption. */
    final class TokenFeed implements Feed {
        private final OnnxInput.Tokens input;
        private final TextTokenizer tokenizer;

        TokenFeed(OnnxInput.Tokens input) {
            this.input = input;
            try {
                this.tokenizer = TextTokenizer.ofFile(input.tokenizer(), input.maxTokens());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Map<String, OnnxJavaType> inputs() {
            Map<String, OnnxJavaType> inputs = new LinkedHashMap<>();
            inputs.put(input.name(), OnnxJavaType.INT64);
            input.mask().ifPresent(mask -> inputs.put(mask, OnnxJavaType.INT64));
            return inputs;
        }

        @Override
        public boolean isOfOneShape() {
            return input.padding();
        }

        @Override
        public Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException {
            List<int[]> rows = windows.stream()
                    .map(window -> tokenizer.encode(window.prompt()))
                    .toList();
            int length = input.padding()
                    ? input.maxTokens()
                    : rows.stream().mapToInt(row -> row.length).max().orElseThrow();
            long[] ids = new long[Math.multiplyExact(rows.size(), length)];
            long[] mask = new long[ids.length];
            Arrays.fill(ids, input.paddingId());
            for (int row = 0; row < rows.size(); row++) {
                for (int i = 0; i < rows.get(row).length; i++) {
                    ids[row * length + i] = rows.get(row)[i];
                    mask[row * length + i] = 1;
                }
            }
            long[] shape = {rows.size(), length};
            Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
            tensors.put(input.name(), OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
            if (input.mask().isPresent()) {
                tensors.put(input.mask().get(), OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
            }
            return tensors;
        }

        @Override
        public void close() {
            tokenizer.close();
        }
    }

    /** Feeds the waveform. */
    final class WaveformFeed implements Feed {
        private final OnnxInput.Waveform input;
        private final Map<Integer, Resampler> resamplers = new ConcurrentHashMap<>();

        WaveformFeed(OnnxInput.Waveform input) {
            this.input = input;
        }

        @Override
        public Map<String, OnnxJavaType> inputs() {
            return Map.of(input.name(), OnnxJavaType.FLOAT);
        }

        @Override
        public boolean isOfOneShape() {
            return true;
        }

        @Override
        public Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException {
            List<float[]> rows = windows.parallelStream().map(this::samples).toList();
            int length = rows.get(0).length;
            FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(rows.size(), length));
            rows.forEach(all::put);
            long[] shape = input.channelAxis() ? new long[] {rows.size(), 1, length} : new long[] {rows.size(), length};
            return Map.of(input.name(), OnnxTensor.createTensor(environment, all.flip(), shape));
        }

        private float[] samples(Window window) {
            return resamplers
                    .computeIfAbsent(window.sound().sampleRate(), rate -> new Resampler(rate, input.sampleRate()))
                    .resampled(window.sound())
                    .samples();
        }
    }

    /**
     * A section of a sample's sound with its caption.
     *
     * @param prompt the caption
     * @param sound the sound; null if no input reads it
     */
    record Window(String prompt, Waveform sound) {
        /**
         * Cuts windows of equal length from a sound, padded with silence where it is shorter.
         *
         * @param seconds length of a window; empty for one window with the whole sound
         * @param choice which windows
         */
        static List<Window> of(String prompt, Waveform sound, Optional<Double> seconds, Windows choice) {
            if (seconds.isEmpty()) {
                return List.of(new Window(prompt, sound));
            }
            int length = (int) Math.max(1, Math.round(seconds.get() * sound.sampleRate()));
            int total = sound.samples().length;
            List<Window> windows = new ArrayList<>();
            for (int start : choice == Windows.FIRST_AND_LAST ? ends(total, length) : successive(total, length)) {
                float[] samples = Arrays.copyOfRange(sound.samples(), start, start + length);
                windows.add(new Window(prompt, new Waveform(samples, sound.sampleRate())));
            }
            return windows;
        }

        private static int[] ends(int total, int length) {
            return total <= length ? new int[] {0} : new int[] {0, total - length};
        }

        private static int[] successive(int total, int length) {
            int whole = (int) Math.max(1, Math.round((double) total / length));
            return IntStream.range(0, whole).map(i -> i * length).toArray();
        }
    }
}
