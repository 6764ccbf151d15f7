package org.encore.evaluation.policy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.sound.SoundReferee;
import org.encore.music.analysis.sound.SoundReferee.Report;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.rewards.Sample;

/**
 * The referee's metrics of samples that are sound alone: of those whose prompt names an aspect that the referee tells, and of those
 * whose sound has been rendered for something else. Others are not rendered for it.
 */
final class SoundMetrics {
    private static final String ABSTAINED = "abstained";
    private static final String ONSETS = "onsets_per_second";
    private static final String LOUDNESS = "loudness";

    /** Names that metrics of notes do not have. */
    static final Set<String> NAMES = Set.of(ABSTAINED, ONSETS, LOUDNESS);

    private static final Set<Aspect> TOLD = EnumSet.of(Aspect.TEMPO, Aspect.MODE, Aspect.DENSITY, Aspect.INSTRUMENTS);

    private SoundMetrics() {}

    static Map<String, double[]> of(List<Sample> samples) {
        // Codecs decode one clip at a time; what follows runs side by side.
        samples.stream().filter(SoundMetrics::isHeard).forEach(sample -> sample.clip()
                .waveform());
        List<Optional<Report>> reports = samples.parallelStream()
                .map(sample -> isHeard(sample)
                        ? Optional.of(SoundReferee.standard().hear(sample.clip().waveform()))
                        : Optional.<Report>empty())
                .toList();
        Map<String, double[]> metrics = new LinkedHashMap<>();
        if (reports.stream().allMatch(Optional::isEmpty)) {
            return metrics;
        }
        List<Optional<Adherence>> judged = new ArrayList<>();
        double[] abstained = new double[samples.size()];
        boolean asked = false;
        for (int i = 0; i < samples.size(); i++) {
            Attributes attributes = samples.get(i).prompt().attributes();
            judged.add(reports.get(i).map(report -> SoundReferee.adherence(attributes, report)));
            int mentioned = told(attributes).size();
            asked |= mentioned > 0;
            abstained[i] = mentioned == 0
                    ? Double.NaN
                    : 1.0 - (double) judged.get(i).orElseThrow().verdicts().size() / mentioned;
        }
        metrics.putAll(PolicyMetrics.adherence(judged));
        if (asked) {
            metrics.put(ABSTAINED, abstained);
        }
        metrics.put(ONSETS, each(reports, Report::onsets));
        metrics.put(LOUDNESS, each(reports, Report::loudness));
        metrics.put(
                PolicyMetrics.SECONDS,
                samples.stream()
                        .mapToDouble(sample ->
                                isHeard(sample) ? sample.clip().waveform().seconds() : Double.NaN)
                        .toArray());
        return metrics;
    }

    private static boolean isHeard(Sample sample) {
        return sample.clip().rendered().isPresent()
                || !told(sample.prompt().attributes()).isEmpty();
    }

    private static Set<Aspect> told(Attributes attributes) {
        Set<Aspect> told = EnumSet.copyOf(TOLD);
        told.retainAll(attributes.mentioned());
        return told;
    }

    private static double[] each(List<Optional<Report>> reports, ToDoubleFunction<Report> metric) {
        return reports.stream()
                .mapToDouble(report -> report.map(metric::applyAsDouble).orElse(Double.NaN))
                .toArray();
    }
}
