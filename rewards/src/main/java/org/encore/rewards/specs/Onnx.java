package org.encore.rewards.specs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.encore.rewards.RewardModel;
import org.encore.rewards.TimeLimitedReward;
import org.encore.rewards.mixture.Member;
import org.encore.rewards.mixture.Normaliser;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.onnx.OnnxInput;
import org.encore.rewards.onnx.OnnxReward;
import org.encore.rewards.onnx.OnnxSettings;

/**
 * {@link OnnxReward}; what its keys mean stands at {@link OnnxSettings}.
 *
 * @param timeoutSeconds the most time for one batch
 */
public record Onnx(
        String id,
        double weight,
        WeightSchedule schedule,
        Normaliser normaliser,
        Bounds clip,
        Path model,
        List<OnnxInput> inputs,
        String output,
        Optional<OnnxSettings.Companion> cosineWith,
        Optional<Double> windowSeconds,
        int batch,
        double timeoutSeconds)
        implements RewardSpec {
    public Onnx {
        Member.requireValid(id, weight);
        TimeLimitedReward.requireValid(timeoutSeconds);
        inputs = new OnnxSettings(model, inputs, output, cosineWith, windowSeconds, batch).inputs();
        if (model != null && inputs.isEmpty()) {
            throw new IllegalArgumentException("inputs is empty, but must say what the model is told");
        }
    }

    /** With weight 1, whole sounds one by one, and ten minutes. Model and output are null: a configuration must say them. */
    public static Onnx defaults() {
        return new Onnx(
                "onnx",
                1.0,
                new Constant(),
                new Identity(),
                Bounds.defaults(),
                null,
                List.of(),
                null,
                Optional.empty(),
                Optional.empty(),
                1,
                LONGEST_SECONDS);
    }

    private OnnxSettings settings() {
        return new OnnxSettings(model, inputs, output, cosineWith, windowSeconds, batch);
    }

    @Override
    public void requireUsable() {
        settings().requireFiles();
    }

    @Override
    public RewardModel reward() {
        return new TimeLimitedReward(new OnnxReward(id, settings()), timeoutSeconds);
    }
}
