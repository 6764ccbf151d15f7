package org.encore.model.decoding;

/**
 * Sampling of codes.
 *
 * @param temperature divides the logits; 0 takes the most probable code; 1 samples the model as trained
 * @param topK keep only this many of the most probable codes; 0 keeps all
 * @param topP keep the fewest codes whose probability adds up to this; 1 keeps all
 * @param guidanceScale classifier-free guidance: 1 is none, MusicGen uses 3; above 1 doubles the work
 */
public record SamplingSettings(double temperature, int topK, double topP, double guidanceScale) {
    public SamplingSettings {
        if (!(temperature >= 0.0 && temperature <= 10.0)) {
            throw new IllegalArgumentException("temperature is " + temperature + ", but must lie in [0, 10]");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("topK is " + topK + ", but must be at least 0");
        }
        if (!(topP > 0.0 && topP <= 1.0)) {
            throw new IllegalArgumentException("topP is " + topP + ", but must lie in (0, 1]");
        }
        if (!(guidanceScale >= 1.0 && guidanceScale <= 20.0)) {
            throw new IllegalArgumentException("guidanceScale is " + guidanceScale + ", but must lie in [1, 20]");
        }
    }

    /** Samples the model's distribution unchanged. */
    public static SamplingSettings defaults() {
        return new SamplingSettings(1.0, 0, 1.0, 1.0);
    }

    /** Always takes the most probable code. */
    public static SamplingSettings greedy(double guidanceScale) {
        return new SamplingSettings(0.0, 0, 1.0, guidanceScale);
    }
}
