package org.encore.evaluation.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.Diversity;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;

/** Means over a set of samples. */
final class PolicyMeasures {
    private PolicyMeasures() {}

    /** Each reward's mean raw score under its id; a reward that abstains from all samples is left out. */
    static Map<String, Double> rewards(List<RewardModel> rewards, List<Sample> samples) {
        Map<String, Double> figures = new LinkedHashMap<>();
        for (RewardModel reward : rewards) {
            CheckedReward.score(reward, samples).stream()
                    .filter(score -> !score.abstains())
                    .mapToDouble(Score::value)
                    .average()
                    .ifPresent(mean -> figures.put(reward.id(), mean));
        }
        return figures;
    }

    /** The referee's figures for clips that have notes; empty for sound alone. */
    static Map<String, Double> referee(List<Sample> samples) {
        Map<String, Double> figures = new LinkedHashMap<>();
        List<Sample> symbolic =
                samples.stream().filter(each -> each.clip().piece().isPresent()).toList();
        if (symbolic.isEmpty()) {
            return figures;
        }
        figures.putAll(aspects(symbolic));
        List<Piece> pieces =
                symbolic.stream().map(each -> each.clip().piece().orElseThrow()).toList();
        List<MusicalMeasures> measures =
                pieces.stream().map(MusicalMeasures::of).toList();
        figures.put(
                "consonance",
                mean(measures.stream().map(MusicalMeasures::consonance).toList()));
        figures.put(
                "metre_clarity",
                mean(measures.stream().map(MusicalMeasures::metreClarity).toList()));
        figures.put(
                "repetition",
                mean(measures.stream().map(MusicalMeasures::repetition).toList()));
        figures.put("diversity", Diversity.of(pieces));
        figures.put(
                "notes_per_second",
                mean(measures.stream().map(MusicalMeasures::notesPerSecond).toList()));
        figures.put("seconds", mean(pieces.stream().map(Piece::seconds).toList()));
        return figures;
    }

    /** {@code adherence} over all that was asked, and {@code adherence/<aspect>} where it was asked. */
    private static Map<String, Double> aspects(List<Sample> samples) {
        Map<String, double[]> sums = new TreeMap<>();
        for (Sample sample : samples) {
            Adherence adherence = Adherence.of(
                    sample.prompt().attributes(), sample.clip().piece().orElseThrow());
            adherence.verdicts().forEach((aspect, verdict) -> {
                add(sums, "adherence/" + aspect.name().toLowerCase(Locale.ROOT), verdict.score());
            });
            if (!adherence.verdicts().isEmpty()) {
                add(sums, "adherence", adherence.mean());
            }
        }
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum[0] / sum[1]));
        return means;
    }

    private static void add(Map<String, double[]> sums, String name, double value) {
        double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
        sum[0] += value;
        sum[1]++;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
