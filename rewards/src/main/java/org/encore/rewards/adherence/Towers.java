package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Precision;
import org.encore.rewards.adherence.hearing.Harmony;
import org.encore.rewards.adherence.hearing.Heard;
import org.encore.rewards.adherence.hearing.HearingSettings;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.networks.Network;

/** Both towers with their weights. */
final class Towers {
    private final TowerSettings settings;
    private final Network network;

    Towers(TowerSettings settings) {
        this.settings = settings;
        this.network = new Network(settings.plan(), Precision.SINGLE);
    }

    TowerSettings settings() {
        return settings;
    }

    Network network() {
        return network;
    }

    /** What the network is fed for some windows and some captions, at least one of each. */
    List<Matrix> inputs(List<Heard> windows, List<String> captions) {
        HearingSettings h = settings.hearing();
        int patch = h.patchFrames() * h.timbre().bands();
        Matrix patches = Matrix.zeros(windows.size() * h.patches(), patch);
        Matrix pitches = Matrix.zeros(windows.size() * h.pitchRows(), h.pitch().bands());
        Matrix harmony = Matrix.zeros(windows.size() * Harmony.CLASSES, Harmony.WIDTH);
        Matrix rhythm = Matrix.zeros(windows.size(), h.rhythmWidth());
        for (int i = 0; i < windows.size(); i++) {
            Heard heard = windows.get(i);
            levels(heard.patches(), patches, i);
            levels(heard.pitches(), pitches, i);
            for (int turn = 0; turn < Harmony.CLASSES; turn++) {
                Harmony.turned(heard.harmony(), turn, harmony.values(), (i * Harmony.CLASSES + turn) * Harmony.WIDTH);
            }
            System.arraycopy(heard.rhythm(), 0, rhythm.values(), i * h.rhythmWidth(), h.rhythmWidth());
        }
        List<Matrix> inputs = new ArrayList<>(List.of(patches, pitches, harmony, rhythm));
        inputs.add(settings.words().counts(captions));
        return inputs;
    }

    private static void levels(byte[] from, Matrix to, int example) {
        int offset = example * from.length;
        for (int i = 0; i < from.length; i++) {
            to.values()[offset + i] = (from[i] & 0xFF) / 255.0f;
        }
    }
}
