package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.encore.app.runs.Machine;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.steering.control.Control;
import org.encore.steering.control.Dial;
import org.encore.steering.control.Steering;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.ProbeFit.Fitted;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of steering, for commands that generate. */
final class SteerOptions {
    @Option(
            names = "--steer",
            paramLabel = "TRAIT[=DEGREE]",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Steer towards a trait, e.g. drums=0.8: push until the monitor's probability of it is DEGREE;"
                    + " below 0 away from it; 0 not at all. May be given several times.")
    private List<String> dials = new ArrayList<>();

    @Mixin
    private Probes probes;

    @Option(
            names = "--steer-strength",
            paramLabel = "ALPHA",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "How hard to push, in standard deviations (default: what the configuration of the probes says).")
    private Double strength;

    /** The steering that the options ask for; empty without {@code --steer}. */
    Optional<Steering> steering(PretrainedModel model) throws IOException {
        if (dials.isEmpty()) {
            if (probes.areNamed() || strength != null) {
                throw new IllegalArgumentException(
                        "--probes and --steer-strength need --steer TRAIT, such as --steer drums=0.8");
            }
            return Optional.empty();
        }
        return Optional.of(steering(dials, probes.of(model.checkpoint()), strength, model));
    }

    /** The steering of dials such as {@code drums=0.8}; a strength of null is that of the probes. */
    static Steering steering(List<String> dials, ProbeDirectory fitted, Double strength, PretrainedModel model) {
        List<Dial> wanted = dials.stream().map(Dial::parse).toList();
        if (wanted.stream().map(Dial::trait).distinct().count() < wanted.size()) {
            throw new IllegalArgumentException("steering names a trait twice");
        }
        List<Fitted> chosen = new ArrayList<>();
        for (Dial dial : wanted) {
            chosen.add(fitted.of(dial.trait()));
        }
        Control control = Control.defaults().with(strength == null ? fitted.strength() : strength);
        return new Steering(wanted, chosen, control, model.config().decoder(), model.codec());
    }

    /** Where the probes are, for commands that use them. */
    static final class Probes {
        @Option(
                names = "--probes",
                paramLabel = "DIR",
                description = "Probes of the model, by steer fit (default: the directory steering in the checkpoint).")
        private Path directory;

        boolean areNamed() {
            return directory != null;
        }

        /** The probes of a checkpoint. */
        ProbeDirectory of(CheckpointInfo checkpoint) throws IOException {
            Path there = directory == null
                    ? checkpoint.directory().resolve(ProbeDirectory.BESIDE)
                    : Machine.locate(directory);
            return ProbeDirectory.read(there, checkpoint.config().decoder());
        }
    }
}
