package org.encore.rewards.hearing;

import java.util.List;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.Node;

/** Windows as networks are fed them: patches, pitches, harmony in every key, rhythm. */
public final class AudioInputs {
    private AudioInputs() {}

    /** The nodes that are fed, in the order of {@link #of}. */
    public static List<Node> nodes(HearingSettings settings) {
        int patch = settings.patchFrames() * settings.timbre().bands();
        return List.of(
                new Node.Input("patches", patch, settings.patches()),
                new Node.Input("pitches", settings.pitch().bands(), settings.pitchRows()),
                new Node.Input("harmony", Harmony.WIDTH, Harmony.CLASSES),
                new Node.Input("rhythm", settings.rhythmWidth(), 1));
    }

    /** What the nodes are fed for some windows, at least one. */
    public static List<Matrix> of(HearingSettings settings, List<Heard> windows) {
        int patch = settings.patchFrames() * settings.timbre().bands();
        Matrix patches = Matrix.zeros(windows.size() * settings.patches(), patch);
        Matrix pitches = Matrix.zeros(
                windows.size() * settings.pitchRows(), settings.pitch().bands());
        Matrix harmony = Matrix.zeros(windows.size() * Harmony.CLASSES, Harmony.WIDTH);
        Matrix rhythm = Matrix.zeros(windows.size(), settings.rhythmWidth());
        for (int i = 0; i < windows.size(); i++) {
            Heard heard = windows.get(i);
            levels(heard.patches(), patches, i);
            levels(heard.pitches(), pitches, i);
            for (int turn = 0; turn < Harmony.CLASSES; turn++) {
                Harmony.turned(heard.harmony(), turn, harmony.values(), (i * Harmony.CLASSES + turn) * Harmony.WIDTH);
            }
            System.arraycopy(heard.rhythm(), 0, rhythm.values(), i * settings.rhythmWidth(), settings.rhythmWidth());
        }
        return List.of(patches, pitches, harmony, rhythm);
    }

    private static void levels(byte[] from, Matrix to, int example) {
        int offset = example * from.length;
        for (int i = 0; i < from.length; i++) {
            to.values()[offset + i] = (from[i] & 0xFF) / 255.0f;
        }
    }
}
