package org.encore.steering.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.Clip;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.rewards.adherence.AdherenceReward;
import org.encore.run.Progress;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.steering.control.Control;
import org.encore.steering.control.Control.Branches;
import org.encore.steering.control.Control.Places;
import org.encore.steering.control.Dial;
import org.encore.steering.control.Steering;
import org.encore.steering.evaluation.SteeringSettings.Evaluation;
import org.encore.steering.probes.ProbeDirectory;
import org.encore.steering.probes.Trait;

/**
 * Compares ways to add a trait: how often it is there, how far the music is from unsteered music, and how near it stays to its beginning.
 *
 * <p>Success is judged by rules on the notes of the continuation, which no probe ever saw. Distances are Fréchet distances of embeddings by the audio tower of a text-adherence reward on the first 9 seconds, to unsteered continuations of the same beginnings with other randomness; the row {@code none} thus shows what no steering at all differs by. Coherence is the cosine of the embeddings of beginning and continuation.
 */
public final class SteeringEvaluation {
    private static final int RESAMPLES = 1000;
    private static final int REFERENCE_SEED = 7919;
    private static final double WINDOW_SECONDS = 9.0;

    private final PretrainedModel model;
    private final SteeringSettings settings;
    private final AdherenceReward tower;
    private final ProbeDirectory probes;
    private final Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());

    /**
     * Prepares; the caller closes the model.
     *
     * @param tower what embeds clips
     * @throws IllegalArgumentException if a trait is one of folders, which no rule can judge
     */
    public SteeringEvaluation(
            PretrainedModel model, SteeringSettings settings, AdherenceReward tower, ProbeDirectory probes) {
        this.model = model;
        this.settings = settings;
        this.tower = tower;
        this.probes = probes;
        for (Trait trait : settings.traits()) {
            if (!(trait instanceof Trait.Known)) {
                throw new IllegalArgumentException("the trait " + trait.name()
                        + " is one of folders, and no rule finds it in notes: evaluate instruments and attributes");
            }
        }
    }

    /**
     * What was measured.
     *
     * @param success share of continuations with the trait
     * @param distance to unsteered music
     * @param coherence with the beginning
     */
    public record Scores(Interval success, Interval distance, Interval coherence) {}

    /**
     * One way.
     *
     * @param name of the way
     * @param all over the pieces of all traits
     * @param byTrait the same for each trait
     */
    public record Row(String name, Scores all, Map<String, Scores> byTrait) {}

    /**
     * All comparisons.
     *
     * @param table the ways that are compared
     * @param heads soft weights, then numbers of heads, at one strength
     * @param monitor strengths with the monitor on, then off
     */
    public record Result(List<Row> table, List<Row> heads, List<Row> monitor) {}

    private record Way(String name, Optional<Control> control, Wording wording) {
        static Way steered(String name, Control control) {
            return new Way(name, Optional.of(control), null);
        }
    }

    /** Measures everything. */
    public Result run(Progress progress) throws IOException {
        Evaluation e = settings.evaluation();
        Control control = settings.control();
        List<Way> table = new ArrayList<>();
        table.add(new Way("none", Optional.empty(), null));
        table.add(new Way("text \"add …\"", Optional.empty(), Wording.HELD_OUT));
        table.add(new Way("text, a caption as in training", Optional.empty(), Wording.TRAINING));
        for (double strength : e.itiStrengths()) {
            table.add(Way.steered(
                    "ITI, " + e.itiHeads() + " heads, strength " + shown(strength),
                    control.iti(e.itiHeads(), strength)));
        }
        for (double strength : e.strengths()) {
            table.add(Way.steered("SMITIN, strength " + shown(strength), control.with(strength)));
        }
        table.add(Way.steered("whole layers, strength " + shown(e.layerStrength()), control.layers(e.layerStrength())));
        List<Way> heads = new ArrayList<>();
        heads.add(Way.steered("soft weights", fixed(control, e.sweepStrength())));
        for (int k : e.sweepHeads()) {
            heads.add(Way.steered(k + (k == 1 ? " head" : " heads"), control.iti(k, e.sweepStrength())));
        }
        List<Way> monitor = new ArrayList<>();
        for (boolean on : new boolean[] {true, false}) {
            for (double strength : e.monitorStrengths()) {
                monitor.add(Way.steered(
                        "monitor " + (on ? "on" : "off") + ", strength " + shown(strength),
                        control.with(strength).monitored(on)));
            }
        }
        List<Beginnings> beginnings = beginnings();
        List<Beginnings> fewer = beginnings.stream()
                .map(each -> each.first(Math.min(e.sweepPieces(), e.pieces())))
                .toList();
        int total = table.size() + heads.size() + monitor.size();
        List<Row> rows = new ArrayList<>();
        for (Way way : joined(table, heads, monitor)) {
            rows.add(row(way, rows.size() < table.size() ? beginnings : fewer));
            Row row = rows.get(rows.size() - 1);
            progress.step("steering", rows.size(), total, summary(row));
        }
        int first = table.size();
        int second = first + heads.size();
        return new Result(rows.subList(0, first), rows.subList(first, second), rows.subList(second, rows.size()));
    }

    private static Control fixed(Control control, double strength) {
        return new Control(
                Places.ALL_HEADS,
                control.topK(),
                strength,
                1,
                control.direction(),
                false,
                control.monitorHeads(),
                control.decay(),
                Branches.BOTH);
    }

    private static List<Way> joined(List<Way> first, List<Way> second, List<Way> third) {
        List<Way> all = new ArrayList<>(first);
        all.addAll(second);
        all.addAll(third);
        return all;
    }

    private static String shown(double number) {
        return String.format(Locale.ROOT, number == Math.rint(number) ? "%.0f" : "%s", number);
    }

    /** The beginnings of one trait, embedded, and their unsteered continuations. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Beginnings(
            Trait.Known trait, Continuations continuations, double[][] embeddings, double[][] unsteered) {
        Beginnings first(int count) {
            return new Beginnings(
                    trait,
                    continuations.first(count),
                    Arrays.copyOf(embeddings, count),
                    Arrays.copyOf(unsteered, count));
        }
    }

    private List<Beginnings> beginnings() {
        List<Beginnings> all = new ArrayList<>();
        for (Trait trait : settings.traits()) {
            Evaluation e = settings.evaluation();
            Continuations continuations =
                    Continuations.of(model, (Trait.Known) trait, e.pieces(), e.promptSeconds(), settings.seed());
            all.add(new Beginnings(
                    (Trait.Known) trait,
                    continuations,
                    embedded(continuations.prompts()),
                    embedded(continuations.generate(
                            Optional.empty(), SequenceTap.Source.NONE, settings.seed() + REFERENCE_SEED))));
        }
        return all;
    }

    private double[][] embedded(List<Piece> pieces) {
        return tower.embeddings(pieces.stream()
                .map(SteeringEvaluation::beginning)
                .map(piece -> Clip.of(piece, () -> synthesiser.render(piece)))
                .toList());
    }

    private static String summary(Row row) {
        return String.format(
                Locale.ROOT,
                "%s: success %.1f %%, distance %.2f, coherence %.3f",
                row.name(),
                100.0 * row.all().success().value(),
                row.all().distance().value(),
                row.all().coherence().value());
    }

    /** What one window of the tower hears: longer pieces would count less for their ends than short ones. */
    private static Piece beginning(Piece piece) {
        return piece.until((int) Math.round(WINDOW_SECONDS / piece.secondsPerTick()));
    }

    private Row row(Way way, List<Beginnings> beginnings) throws IOException {
        Map<String, Scores> byTrait = new LinkedHashMap<>();
        Outcomes all = new Outcomes();
        for (Beginnings each : beginnings) {
            List<Piece> pieces =
                    each.continuations().generate(text(way, each.trait()), taps(way, each.trait()), settings.seed());
            double[][] embeddings = embedded(pieces);
            Outcomes own = new Outcomes();
            for (int i = 0; i < pieces.size(); i++) {
                boolean there = !pieces.get(i).notes().isEmpty() && each.trait().isHeardIn(pieces.get(i));
                own.hits.add(there ? 1.0 : 0.0);
                own.steered.add(embeddings[i]);
                own.unsteered.add(each.unsteered()[i]);
                own.coherence.add(cosine(each.embeddings()[i], embeddings[i]));
                own.etudes.add(each.continuations().etudes().get(i));
            }
            byTrait.put(each.trait().name(), own.scores(settings.seed()));
            all.add(own);
        }
        return new Row(way.name(), all.scores(settings.seed()), byTrait);
    }

    /** Continuations, one by one. */
    private static final class Outcomes {
        final List<double[]> steered = new ArrayList<>();
        final List<double[]> unsteered = new ArrayList<>();
        final List<Double> coherence = new ArrayList<>();
        final List<Integer> etudes = new ArrayList<>();
        final List<Double> hits = new ArrayList<>();

        void add(Outcomes more) {
            steered.addAll(more.steered);
            unsteered.addAll(more.unsteered);
            coherence.addAll(more.coherence);
            etudes.addAll(more.etudes);
            hits.addAll(more.hits);
        }

        Scores scores(long seed) {
            Bootstrap bootstrap = new Bootstrap(RESAMPLES, seed);
            return new Scores(
                    share(etudes, hits, bootstrap),
                    FrechetDistance.interval(steered.toArray(double[][]::new), unsteered.toArray(double[][]::new)),
                    bootstrap.mean(
                            etudes,
                            coherence.stream().mapToDouble(Double::doubleValue).toArray()));
        }
    }

    /** By the bootstrap over études; where all are alike, which tells a bootstrap nothing, Wilson's over the études. */
    private static Interval share(List<Integer> etudes, List<Double> hits, Bootstrap bootstrap) {
        double[] values = hits.stream().mapToDouble(Double::doubleValue).toArray();
        if (hits.stream().distinct().count() > 1) {
            return bootstrap.mean(etudes, values);
        }
        double distinct = etudes.stream().distinct().count();
        return Interval.ofShare(values[0] * distinct, distinct);
    }

    private Optional<String> text(Way way, Trait.Known trait) {
        if (way.wording() == null) {
            return Optional.empty();
        }
        if (way.wording() == Wording.TRAINING) {
            return Optional.of(new CaptionWriter()
                    .writeAll(
                            trait.asked(),
                            Wording.TRAINING,
                            new RandomStreams(settings.seed()).stream(Purpose.CAPTION, 0))
                    .text());
        }
        return Optional.of("add " + trait.name().replace('-', ' '));
    }

    private SequenceTap.Source taps(Way way, Trait.Known trait) {
        if (way.control().isEmpty()) {
            return SequenceTap.Source.NONE;
        }
        return new Steering(
                List.of(new Dial(trait.name(), OptionalDouble.empty())),
                List.of(probes.of(trait.name())),
                way.control().get(),
                model.config().decoder(),
                model.codec());
    }

    private static double cosine(double[] a, double[] b) {
        double product = 0.0;
        double square = 1e-12;
        double otherSquare = 1e-12;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            square += a[i] * a[i];
            otherSquare += b[i] * b[i];
        }
        return product / Math.sqrt(square * otherSquare);
    }
}
