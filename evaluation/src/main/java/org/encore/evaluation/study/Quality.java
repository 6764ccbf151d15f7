package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.encore.music.Piece;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.MusicalMeasures;
import org.encore.music.text.Prompt;
import org.encore.statistics.Means;

/**
 * Quality of a checkpoint's samples by the referee.
 *
 * @param adherence mean adherence over the samples whose prompts mention something, in [0, 1]
 * @param naturalness 1 minus the mean Kolmogorov-Smirnov distance between samples and the composer's own held-out
 *     pieces, over consonance, metre clarity, repetition, range, notes a second, polyphony and length, in [0, 1]
 */
public record Quality(double adherence, double naturalness) {
    /** The quality of some of a checkpoint's samples. */
    static Quality of(CompletionMetrics samples, int[] which, CompletionMetrics composed) {
        double adherence = Means.of(
                Arrays.stream(which).mapToDouble(i -> samples.adherence()[i]).toArray());
        KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
        int[] all = IntStream.range(0, composed.count()).toArray();
        double distance = IntStream.range(0, composed.measures()[0].length)
                .mapToDouble(m -> test.kolmogorovSmirnovStatistic(samples.column(m, which), composed.column(m, all)))
                .average()
                .orElseThrow();
        return new Quality(adherence, 1.0 - distance);
    }

    /** The mean of adherence and naturalness. */
    public double value() {
        return (adherence + naturalness) / 2;
    }

    /**
     * The referee's metrics of completions, one by one.
     *
     * @param adherence adherence to the prompt, {@code [pieces]}; NaN if the prompt mentions nothing
     * @param measures musical measures, {@code [pieces][measures]}
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    public record CompletionMetrics(double[] adherence, double[][] measures) {
        /** Measures the completions of prompts. */
        public static CompletionMetrics of(List<Prompt> prompts, List<Piece> pieces) {
            double[] adherence = new double[pieces.size()];
            List<double[]> measures = new ArrayList<>();
            for (int i = 0; i < pieces.size(); i++) {
                Adherence verdicts = Adherence.of(prompts.get(i).attributes(), pieces.get(i));
                adherence[i] = verdicts.verdicts().isEmpty() ? Double.NaN : verdicts.mean();
                measures.add(measures(pieces.get(i)));
            }
            return new CompletionMetrics(adherence, measures.toArray(double[][]::new));
        }

        private static double[] measures(Piece piece) {
            MusicalMeasures m = MusicalMeasures.of(piece);
            return new double[] {
                m.consonance(),
                m.metreClarity(),
                m.repetition(),
                m.pitchRange(),
                m.notesPerSecond(),
                m.polyphony(),
                piece.seconds()
            };
        }

        /** Number of pieces. */
        public int count() {
            return adherence.length;
        }

        /** One measure of some pieces. */
        double[] column(int measure, int[] pieces) {
            double[] column = new double[pieces.length];
            for (int i = 0; i < column.length; i++) {
                column[i] = measures[pieces[i]][measure];
            }
            return column;
        }
    }
}
