package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.statistics.Means;

/** Metrics of each of a set of samples, by name; NaN for a sample on which a metric is not defined. */
public final class PolicyMetrics {
    static final String DIVERSITY = "diversity";
    static final String HELD_OUT_LOSS = "held_out_loss";
    static final String CLIPPED = "clipped_ratio";
    private static final String ADHERENCE = "adherence";
    private static final String ADHERENCE_UNSEEN = "adherence_unseen";
    static final String SECONDS = "seconds";
    private static final Map<String, ToDoubleFunction<MusicalMeasures>> MEASURES = measures();

    private static Map<String, ToDoubleFunction<MusicalMeasures>> measures() {
        Map<String, ToDoubleFunction<MusicalMeasures>> measures = new LinkedHashMap<>();
        measures.put("consonance", MusicalMeasures::consonance);
        measures.put("in_key", MusicalMeasures::inKey);
        measures.put("empty_beats", MusicalMeasures::emptyBeats);
        measures.put("metre_clarity", MusicalMeasures::metreClarity);
        measures.put("repetition", MusicalMeasures::repetition);
        measures.put("notes_per_second", MusicalMeasures::notesPerSecond);
        return Collections.unmodifiableMap(measures);
    }

    private PolicyMetrics() {}

    /**
     * Raw scores of each reward under its id, or under {@code rewards/<id>} if the referee has a metric of that name; a
     * reward that abstains from all samples is left out.
     */
    static Map<String, double[]> rewards(RewardScores rewardScores) {
        Map<String, double[]> metrics = new LinkedHashMap<>();
        for (MemberScores member : rewardScores.members()) {
            double[] raw = IntStream.range(0, member.samples())
                    .mapToDouble(member::raw)
                    .toArray();
            if (DoubleStream.of(raw).anyMatch(score -> !Double.isNaN(score))) {
                metrics.put(isOfReferee(member.id()) ? "rewards/" + member.id() : member.id(), raw);
            }
        }
        return metrics;
    }

    private static boolean isOfReferee(String name) {
        return MEASURES.containsKey(name)
                || SoundMetrics.NAMES.contains(name)
                || Set.of(ADHERENCE, ADHERENCE_UNSEEN, CLIPPED, SECONDS, DIVERSITY, HELD_OUT_LOSS)
                        .contains(name);
    }

    /**
     * The referee's metrics, and {@code adherence_unseen}: adherence over samples whose prompt is unseen.
     *
     * @param unseen whether the prompt of each sample names a combination of attributes that no training item has
     */
    static Map<String, double[]> referee(List<Sample> samples, boolean[] unseen) {
        Map<String, double[]> metrics = new LinkedHashMap<>();
        referee(samples).forEach((name, values) -> {
            metrics.put(name, values);
            if (name.equals(ADHERENCE)) {
                double[] strict = values.clone();
                for (int i = 0; i < strict.length; i++) {
                    strict[i] = unseen[i] ? strict[i] : Double.NaN;
                }
                if (!Double.isNaN(Means.of(strict))) {
                    metrics.put(ADHERENCE_UNSEEN, strict);
                }
            }
        });
        return metrics;
    }

    /** The referee's metrics: of samples with notes by the rules for notes; if none has notes, by the referee for sound. */
    public static Map<String, double[]> referee(List<Sample> samples) {
        Map<String, double[]> metrics = new LinkedHashMap<>();
        if (pieces(samples).isEmpty()) {
            return SoundMetrics.of(samples);
        }
        metrics.putAll(adherence(adherences(samples)));
        List<MusicalMeasures> measures = new ArrayList<>();
        for (Sample sample : samples) {
            measures.add(sample.clip().piece().map(MusicalMeasures::of).orElse(null));
        }
        MEASURES.forEach((name, measure) -> metrics.put(name, each(measures, measure)));
        metrics.put(
                SECONDS,
                each(samples.stream().map(s -> s.clip().piece().orElse(null)).toList(), Piece::seconds));
        return metrics;
    }

    /** 1 for each sample that was cut before its end, else 0. */
    static double[] clipped(List<Sample> samples, int endCode) {
        return samples.stream()
                .mapToDouble(sample -> {
                    int[] codes = sample.codes().orElseThrow()[0];
                    return codes.length > 0 && codes[codes.length - 1] == endCode ? 0.0 : 1.0;
                })
                .toArray();
    }

    /** The notes of the samples with notes. */
    static List<Piece> pieces(List<Sample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.clip().piece().stream())
                .toList();
    }

    private static <T> double[] each(List<T> items, ToDoubleFunction<T> metric) {
        return items.stream()
                .mapToDouble(item -> item == null ? Double.NaN : metric.applyAsDouble(item))
                .toArray();
    }

    private static List<Optional<Adherence>> adherences(List<Sample> samples) {
        return samples.stream()
                .map(sample -> sample.clip()
                        .piece()
                        .map(piece -> Adherence.of(sample.prompt().attributes(), piece)))
                .toList();
    }

    /**
     * {@code adherence} over all aspects with a verdict, and {@code adherence/<aspect>} of each of them; NaN for samples
     * without.
     *
     * @param judged of each sample; empty if it was not judged
     */
    static Map<String, double[]> adherence(List<Optional<Adherence>> judged) {
        Map<String, double[]> metrics = new TreeMap<>();
        for (int i = 0; i < judged.size(); i++) {
            int index = i;
            if (judged.get(i).isEmpty()) {
                continue;
            }
            Adherence adherence = judged.get(i).get();
            adherence
                    .verdicts()
                    .forEach((aspect, verdict) ->
                            row(metrics, ADHERENCE + "/" + aspect.name().toLowerCase(Locale.ROOT), judged.size())[
                                            index] =
                                    verdict.score());
            if (!adherence.verdicts().isEmpty()) {
                row(metrics, ADHERENCE, judged.size())[index] = adherence.mean();
            }
        }
        return metrics;
    }

    private static double[] row(Map<String, double[]> metrics, String name, int size) {
        return metrics.computeIfAbsent(name, key -> {
            double[] row = new double[size];
            Arrays.fill(row, Double.NaN);
            return row;
        });
    }
}
