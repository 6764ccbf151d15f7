package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;

/** Figures of each of a set of samples, by name; NaN for a sample that a figure says nothing about. */
final class PolicyMeasures {
    private PolicyMeasures() {}

    /** Each reward's raw scores under its id; a reward that abstains from all samples is left out. */
    static Map<String, double[]> rewards(List<RewardModel> rewards, List<Sample> samples) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        for (RewardModel reward : rewards) {
            List<Score> scores = CheckedReward.score(reward, samples);
            if (scores.stream().anyMatch(score -> !score.abstains())) {
                figures.put(
                        reward.id(),
                        scores.stream()
                                .mapToDouble(score -> score.abstains() ? Double.NaN : score.value())
                                .toArray());
            }
        }
        return figures;
    }

    /** The referee's figures, for samples that have notes; empty if none has. */
    static Map<String, double[]> referee(List<Sample> samples) {
        Map<String, double[]> figures = new LinkedHashMap<>();
        if (pieces(samples).isEmpty()) {
            return figures;
        }
        figures.putAll(adherence(samples));
        List<MusicalMeasures> measures = new ArrayList<>();
        for (Sample sample : samples) {
            measures.add(sample.clip().piece().map(MusicalMeasures::of).orElse(null));
        }
        figures.put("consonance", each(measures, MusicalMeasures::consonance));
        figures.put("in_key", each(measures, MusicalMeasures::inKey));
        figures.put("empty_beats", each(measures, MusicalMeasures::emptyBeats));
        figures.put("metre_clarity", each(measures, MusicalMeasures::metreClarity));
        figures.put("repetition", each(measures, MusicalMeasures::repetition));
        figures.put("notes_per_second", each(measures, MusicalMeasures::notesPerSecond));
        figures.put(
                "seconds",
                each(samples.stream().map(s -> s.clip().piece().orElse(null)).toList(), Piece::seconds));
        return figures;
    }

    /** The notes of the samples that have some. */
    static List<Piece> pieces(List<Sample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.clip().piece().stream())
                .toList();
    }

    private static <T> double[] each(List<T> items, ToDoubleFunction<T> figure) {
        return items.stream()
                .mapToDouble(item -> item == null ? Double.NaN : figure.applyAsDouble(item))
                .toArray();
    }

    /** {@code adherence} over all that was asked, and {@code adherence/<aspect>} where it was asked. */
    private static Map<String, double[]> adherence(List<Sample> samples) {
        Map<String, double[]> figures = new TreeMap<>();
        for (int i = 0; i < samples.size(); i++) {
            int index = i;
            Sample sample = samples.get(i);
            if (sample.clip().piece().isEmpty()) {
                continue;
            }
            Adherence adherence = Adherence.of(
                    sample.prompt().attributes(), sample.clip().piece().get());
            adherence
                    .verdicts()
                    .forEach((aspect, verdict) ->
                            row(figures, "adherence/" + aspect.name().toLowerCase(Locale.ROOT), samples.size())[index] =
                                    verdict.score());
            if (!adherence.verdicts().isEmpty()) {
                row(figures, "adherence", samples.size())[index] = adherence.mean();
            }
        }
        return figures;
    }

    private static double[] row(Map<String, double[]> figures, String name, int size) {
        return figures.computeIfAbsent(name, key -> {
            double[] row = new double[size];
            Arrays.fill(row, Double.NaN);
            return row;
        });
    }
}
