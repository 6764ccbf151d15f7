package org.encore.evaluation.forensics;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.ranking.NaturalRanking;

/** A reward beside another figure, for statistics of samples that are drawn again and again. */
final class Pairing {
    private final Course course;
    private final double[] reward;
    private final double[] figure;
    private final double[] rewardWithin;
    private final double[] figureWithin;
    private final double[] rewardRank;
    private final double[] figureRank;

    Pairing(Course course, double[] reward, double[] figure) {
        this.course = course;
        this.reward = reward;
        this.figure = figure;
        this.rewardWithin = course.withinIterations(reward, figure);
        this.figureWithin = course.withinIterations(figure, reward);
        int[] both = IntStream.range(0, reward.length)
                .filter(i -> Double.isFinite(rewardWithin[i]))
                .toArray();
        this.rewardRank = ranks(reward, both);
        this.figureRank = ranks(figure, both);
    }

    /** Ranks among some samples, ties sharing theirs, as differences from the middle; NaN for others. */
    private static double[] ranks(double[] values, int[] samples) {
        double[] ranks = new double[values.length];
        Arrays.fill(ranks, Double.NaN);
        if (samples.length > 0) {
            double[] of = new NaturalRanking()
                    .rank(IntStream.of(samples).mapToDouble(i -> values[i]).toArray());
            for (int i = 0; i < samples.length; i++) {
                ranks[samples[i]] = of[i] - (samples.length + 1) / 2.0;
            }
        }
        return ranks;
    }

    /** Pearson's correlation of the ranks that the samples have among all. */
    double spearman(int[] drawn) {
        double sumX = 0;
        double sumY = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        int count = 0;
        for (int i : drawn) {
            double x = figureRank[i];
            double y = rewardRank[i];
            if (!Double.isNaN(x)) {
                sumX += x;
                sumY += y;
                xx += x * x;
                yy += y * y;
                xy += x * y;
                count++;
            }
        }
        double varianceX = xx - sumX * sumX / count;
        double varianceY = yy - sumY * sumY / count;
        return varianceX > 0 && varianceY > 0
                ? (xy - sumX * sumY / count) / Math.sqrt(varianceX * varianceY)
                : Double.NaN;
    }

    /** Rise of the reward from start to end. */
    double gain(int[] drawn) {
        return rise(reward, drawn);
    }

    /** Rise of the other figure from start to end. */
    double change(int[] drawn) {
        return rise(figure, drawn);
    }

    /** Share of the reward's rise that the figure's predicts; NaN where the reward does not rise. */
    double explained(int[] drawn) {
        double xx = 0;
        double xy = 0;
        for (int i : drawn) {
            if (!Double.isNaN(figureWithin[i])) {
                xx += figureWithin[i] * figureWithin[i];
                xy += figureWithin[i] * rewardWithin[i];
            }
        }
        double gain = gain(drawn);
        return gain > 0 && xx > 0 ? xy / xx * change(drawn) / gain : Double.NaN;
    }

    private double rise(double[] values, int[] drawn) {
        double start = 0;
        double end = 0;
        int starts = 0;
        int ends = 0;
        for (int i : drawn) {
            if (Double.isNaN(rewardWithin[i])) {
                continue;
            }
            if (course.isFirst(i)) {
                start += values[i];
                starts++;
            }
            if (course.isLast(i)) {
                end += values[i];
                ends++;
            }
        }
        return starts == 0 || ends == 0 ? Double.NaN : end / ends - start / starts;
    }
}
