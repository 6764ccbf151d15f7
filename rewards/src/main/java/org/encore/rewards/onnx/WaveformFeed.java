package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.encore.music.audio.Resampler;

/** Feeds samples of the sound. */
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
