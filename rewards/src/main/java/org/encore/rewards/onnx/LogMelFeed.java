package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.encore.music.audio.spectrum.Spectrogram;
import org.encore.music.audio.spectrum.Spectrograph;
import org.encore.rewards.onnx.OnnxInput.LogMel.Axes;

/** Feeds levels of mel bands. */
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
        FloatBuffer all = FloatBuffer.allocate(Math.multiplyExact(windows.size(), Math.multiplyExact(frames, bands)));
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
