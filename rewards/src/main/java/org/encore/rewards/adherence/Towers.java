package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.kernels.Precision;
import org.encore.rewards.hearing.AudioInputs;
import org.encore.rewards.hearing.Heard;
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
        List<Matrix> inputs = new ArrayList<>(AudioInputs.of(settings.hearing(), windows));
        inputs.add(settings.words().counts(captions));
        return inputs;
    }
}
