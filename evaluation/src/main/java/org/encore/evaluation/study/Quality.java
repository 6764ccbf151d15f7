package org.encore.evaluation.study;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;

/**
 * How good a checkpoint's samples are, by the referee.
 *
 * @param adherence mean over samples of how far they do what their prompts ask, in [0, 1]
 * @param naturalness 1 minus the mean Kolmogorov-Smirnov distance between samples and the composer's own held-out pieces,
 *     over consonance, metre clarity, repetition, range, notes a second, polyphony and length, in [0, 1]
 */
public record Quality(double adherence, double naturalness) {
    /** Judges some of a checkpoint's samples. */
    static Quality of(PlayedFigures samples, int[] which, PlayedFigures composed) {
        double adherence = Arrays.stream(which)
                .mapToDouble(i -> samples.adherence()[i])
                .average()
                .orElseThrow();
        KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
        int[] all = IntStream.range(0, composed.count()).toArray();
        double distance = IntStream.range(0, composed.measures()[0].length)
                .mapToDouble(m -> test.kolmogorovSmirnovStatistic(samples.column(m, which), composed.column(m, all)))
                .average()
                .orElseThrow();
        return new Quality(adherence, 1.0 - distance);
    }

    /** The mean of both: a piece that ignores its prompt is no better than one that is no music. */
    public double value() {
        return (adherence + naturalness) / 2;
    }
}
