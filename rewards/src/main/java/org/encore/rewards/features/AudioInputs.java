package org.encore.rewards.features;

import java.util.List;
import org.encore.rewards.features.AudioFeatures.Harmony;
import org.encore.rewards.features.AudioFeatures.Rhythm;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.NetworkPlan.Layer;

/** Converts window features to network inputs: patches, pitches, harmony in every key, rhythm. */
public final class AudioInputs {
    private AudioInputs() {}

    /** The input nodes, in the order of {@link #of}. */
    public static List<Layer> nodes(AudioFeatureSettings settings) {
        int patch = settings.patchFrames() * settings.timbre().bands();
        return List.of(
                new Layer.Input("patches", patch, settings.patches()),
                new Layer.Input("pitches", settings.pitch().bands(), settings.pitchRows()),
                new Layer.Input("harmony", Harmony.WIDTH, Harmony.CLASSES),
                new Layer.Input("rhythm", settings.rhythmWidth(), 1));
    }

    /** The inputs for windows, at least one. */
    public static List<Matrix> of(AudioFeatureSettings settings, List<WindowFeatures> windows) {
        int patch = settings.patchFrames() * settings.timbre().bands();
        Matrix patches = Matrix.zeros(windows.size() * settings.patches(), patch);
        Matrix pitches = Matrix.zeros(
                windows.size() * settings.pitchRows(), settings.pitch().bands());
        Matrix harmony = Matrix.zeros(windows.size() * Harmony.CLASSES, Harmony.WIDTH);
        Matrix rhythm = Matrix.zeros(windows.size(), settings.rhythmWidth());
        for (int i = 0; i < windows.size(); i++) {
            WindowFeatures window = windows.get(i);
            levels(window.patches(), patches, i);
            levels(window.pitches(), pitches, i);
            for (int turn = 0; turn < Harmony.CLASSES; turn++) {
                Harmony.turned(window.harmony(), turn, harmony.values(), (i * Harmony.CLASSES + turn) * Harmony.WIDTH);
            }
            System.arraycopy(window.rhythm(), 0, rhythm.values(), i * settings.rhythmWidth(), settings.rhythmWidth());
        }
        return List.of(patches, pitches, harmony, rhythm);
    }

    private static void levels(byte[] from, Matrix to, int example) {
        int offset = example * from.length;
        for (int i = 0; i < from.length; i++) {
            to.values()[offset + i] = (from[i] & 0xFF) / 255.0f;
        }
    }

    /**
     * The features of one window, levels from 0 (silence) to 255 (the loudest of the clip).
     *
     * @param patches patches of the timbre spectrogram, one after the other
     * @param pitches every few frames of the pitch spectrogram, one after the other
     * @param harmony features of pitch classes, see {@link Harmony}
     * @param rhythm correlations over lags, see {@link Rhythm}
     * @shape patches {@code [patches · patchFrames · bands]}; pitches {@code [rows · bands]}
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record WindowFeatures(byte[] patches, byte[] pitches, float[] harmony, float[] rhythm) {
        /** The windows of a clip. */
        public record Clip(List<WindowFeatures> windows) {
            public Clip {
                windows = List.copyOf(windows);
            }
        }
    }
}
