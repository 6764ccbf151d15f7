package org.encore.steering.evaluation;

import java.nio.file.Path;
import java.util.List;
import org.encore.base.settings.Checks;
import org.encore.music.text.Timbre;
import org.encore.steering.control.Control;
import org.encore.steering.probes.ProbeSettings;
import org.encore.steering.probes.Trait;

/**
 * Configuration of probes and of their evaluation.
 *
 * @param seed seed of clips, prompts and completions
 * @param checkpoint directory of the model
 * @param traits what probes are fitted on and steering adds
 * @param probes clips of the probes
 * @param control how a trait is added
 * @param evaluation what is compared
 */
public record SteeringSettings(
        long seed, Path checkpoint, List<Trait> traits, ProbeSettings probes, Control control, Evaluation evaluation) {
    public SteeringSettings {
        traits = List.copyOf(traits);
        if (traits.isEmpty()) {
            throw new IllegalArgumentException("traits is empty, but must name one");
        }
        if (traits.stream().map(Trait::name).distinct().count() < traits.size()) {
            throw new IllegalArgumentException("traits names a trait twice");
        }
    }

    /** Four instruments on the base of the quickstart. */
    public static SteeringSettings defaults() {
        return new SteeringSettings(
                1,
                Path.of("checkpoints/etudes-captions"),
                List.of(
                        new Trait.Instrument(Timbre.DRUMS),
                        new Trait.Instrument(Timbre.BASS),
                        new Trait.Instrument(Timbre.GUITAR),
                        new Trait.Instrument(Timbre.PIANO)),
                ProbeSettings.defaults(),
                Control.defaults().with(30.0),
                Evaluation.defaults());
    }

    /**
     * What is compared: continuations of held-out études without the trait.
     *
     * @param pieces how many for each trait
     * @param promptSeconds length of the beginning that is continued
     * @param strengths strengths of SMITIN
     * @param itiHeads heads K of ITI
     * @param itiStrengths strengths of ITI
     * @param layerStrength strength on whole layers
     * @param sweepPieces pieces a trait of the two comparisons below, at most {@code pieces}
     * @param sweepHeads numbers of heads K that soft weights are compared with, at {@code sweepStrength}
     * @param sweepStrength strength of all of them, fixed, at every step
     * @param monitorStrengths strengths at which the monitor is switched on and off
     * @param adherence the reward of text adherence whose embeddings measure distances
     */
    public record Evaluation(
            int pieces,
            double promptSeconds,
            List<Double> strengths,
            int itiHeads,
            List<Double> itiStrengths,
            double layerStrength,
            int sweepPieces,
            List<Integer> sweepHeads,
            double sweepStrength,
            List<Double> monitorStrengths,
            Path adherence) {
        public Evaluation {
            strengths = List.copyOf(strengths);
            itiStrengths = List.copyOf(itiStrengths);
            sweepHeads = List.copyOf(sweepHeads);
            monitorStrengths = List.copyOf(monitorStrengths);
            Checks.atLeast("pieces", pieces, 2);
            Checks.atLeast("sweepPieces", sweepPieces, 2);
            Checks.openInterval("promptSeconds", promptSeconds, 0.0, 60.0);
            Checks.atLeast("itiHeads", itiHeads, 1);
            Checks.within("layerStrength", layerStrength, 0.0, 1000.0);
            Checks.within("sweepStrength", sweepStrength, 0.0, 1000.0);
        }

        /** 200 pieces a trait. */
        public static Evaluation defaults() {
            return new Evaluation(
                    200,
                    4.0,
                    List.of(10.0, 20.0, 30.0),
                    4,
                    List.of(3.0, 6.0),
                    5.0,
                    24,
                    List.of(1, 2, 4, 8, 16),
                    5.0,
                    List.of(10.0, 20.0, 30.0),
                    Path.of("checkpoints/rewards/adherence"));
        }
    }
}
