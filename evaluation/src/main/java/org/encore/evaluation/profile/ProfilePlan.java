package org.encore.evaluation.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.base.random.RandomStreams;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.perturbation.Material;
import org.encore.evaluation.perturbation.Perturbation;
import org.encore.evaluation.perturbation.Perturbation.Perturbed;
import org.encore.evaluation.profile.Profile.LossCurve;
import org.encore.model.decoding.CodeSequence;
import org.encore.music.codec.AudioCodec;
import org.encore.statistics.Bootstrap;

/** Clean pieces and their damaged versions, prepared for any number of models. */
public final class ProfilePlan {
    private final ProfileSettings settings;
    private final Perturbation perturbation;
    private final List<CodeSequence> clean;
    private final List<List<Perturbed>> damaged = new ArrayList<>();

    /**
     * Damages pieces.
     *
     * @param pieces the clean pieces, each long enough
     * @param codec codec of their codes
     * @param streams random streams of the damage
     */
    public ProfilePlan(
            ProfileSettings settings,
            Perturbation perturbation,
            List<CodeSequence> pieces,
            AudioCodec codec,
            RandomStreams streams) {
        this.settings = settings;
        this.perturbation = perturbation;
        this.clean = List.copyOf(pieces);
        Material material =
                new Material(codec, clean.stream().map(CodeSequence::codes).toList(), streams);
        for (WindowLength length : settings.lengths()) {
            List<Perturbed> versions = new ArrayList<>();
            for (int p = 0; p < clean.size(); p++) {
                int frames = length.frames(codec, clean.get(p).codes(), settings.onset())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "a piece is too short for " + length.label() + " from code " + settings.onset()));
                versions.add(perturbation.apply(material, p, settings.onset(), frames));
            }
            damaged.add(versions);
        }
    }

    public ProfileSettings settings() {
        return settings;
    }

    public Perturbation perturbation() {
        return perturbation;
    }

    /** The damaged versions at a length, one for each piece. */
    public List<Perturbed> damaged(int length) {
        return List.copyOf(damaged.get(length));
    }

    /** Number of sequences that a model scores: each piece once clean and once for each length. */
    public int sequences() {
        return clean.size() * (1 + damaged.size());
    }

    /** Profiles a model: scores every clean piece once, and every damaged version. */
    public Profile measure(CodeModel model) {
        return measureAll(List.of(this), model).get(0);
    }

    /**
     * Profiles a model by several plans for the same pieces, which are scored once for all plans.
     *
     * @throws IllegalArgumentException if the plans have different pieces
     */
    public static List<Profile> measureAll(List<ProfilePlan> plans, CodeModel model) {
        List<CodeSequence> pieces = plans.get(0).clean;
        List<double[][]> clean = model.logProbs(pieces);
        List<Profile> profiles = new ArrayList<>();
        for (ProfilePlan plan : plans) {
            if (!plan.clean.equals(pieces)) {
                throw new IllegalArgumentException("plans have different pieces, but are measured together");
            }
            profiles.add(plan.measure(model, clean));
        }
        return profiles;
    }

    private Profile measure(CodeModel model, List<double[][]> scoredClean) {
        List<CodeSequence> sequences = new ArrayList<>();
        for (List<Perturbed> versions : damaged) {
            for (int p = 0; p < clean.size(); p++) {
                CodeSequence piece = clean.get(p);
                sequences.add(new CodeSequence(versions.get(p).codes(), piece.prompt(), piece.conditioned()));
            }
        }
        List<double[][]> scored = model.logProbs(sequences);
        List<List<LossCurve>> curves = new ArrayList<>();
        for (int length = 0; length < damaged.size(); length++) {
            List<LossCurve> ofLength = new ArrayList<>();
            for (int p = 0; p < clean.size(); p++) {
                Perturbed version = damaged.get(length).get(p);
                double[][] damagedScores = scored.get(length * clean.size() + p);
                ofLength.add(LossCurve.of(scoredClean.get(p), damagedScores, version.first(), version.end()));
            }
            curves.add(ofLength);
        }
        return new Profile(settings, curves);
    }

    /**
     * Settings of a profile.
     *
     * @param onset first damaged frame, at least 1
     * @param lengths lengths of the damaged window, increasing, all in one unit
     * @param recovery number of frames that every piece must have after the damage, at least 1
     * @param count number of pieces, at least 2
     * @param bootstrap bootstrap over pieces for the intervals
     */
    public record ProfileSettings(int onset, List<WindowLength> lengths, int recovery, int count, Bootstrap bootstrap) {
        public ProfileSettings {
            lengths = List.copyOf(lengths);
            requireAtLeast("onset", onset, 1);
            requireAtLeast("recovery", recovery, 1);
            requireAtLeast("count", count, 2);
            if (lengths.isEmpty()) {
                throw new IllegalArgumentException("lengths is empty, but must name at least one");
            }
            for (int i = 1; i < lengths.size(); i++) {
                WindowLength before = lengths.get(i - 1);
                if (before.unit() != lengths.get(i).unit()
                        || before.amount() >= lengths.get(i).amount()) {
                    throw new IllegalArgumentException("lengths has " + before.label() + " before "
                            + lengths.get(i).label() + ", but must rise, all in codes or all in seconds");
                }
            }
        }

        /** The paper's lengths on 64 pieces; onset and recovery are ours, because études have at most 256 codes. */
        public static ProfileSettings defaults() {
            return new ProfileSettings(32, codes(5, 10, 50, 100, 150, 200), 16, 64, new Bootstrap(1000, 0));
        }

        /** Lengths in codes. */
        public static List<WindowLength> codes(int... lengths) {
            return Arrays.stream(lengths).mapToObj(WindowLength::codes).toList();
        }

        private static void requireAtLeast(String name, int value, int least) {
            if (value < least) {
                throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + least);
            }
        }
    }
}
