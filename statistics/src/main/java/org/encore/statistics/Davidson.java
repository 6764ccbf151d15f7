package org.encore.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.encore.statistics.BradleyTerry.Game;

/**
 * Strengths of items by the model of Bradley and Terry with ties after Davidson (1970): the margin of a game is the
 * difference of two strengths, and {@link BradleyTerry} gives the probabilities of its outcomes.
 *
 * <p>The log-likelihood is concave; Newton's method finds its maximum. An item that always wins has no finite maximum,
 * so strengths have a normal prior with a standard deviation of 10 nats, which is too wide to matter otherwise: our
 * choice.
 *
 * @param strengths log-odds in nats, summing to 0, by item
 * @param tie the tie parameter t; negative infinity if there was no tie
 */
public record Davidson(List<Double> strengths, double tie) {
    private static final double PRIOR_PRECISION = 0.01;
    private static final double TOLERANCE = 1e-9;
    private static final int MOST_STEPS = 100;
    private static final int MOST_HALVINGS = 30;

    public Davidson {
        strengths = List.copyOf(strengths);
    }

    /** Probability that the first item is preferred, given no tie. */
    public double winProbability(int first, int second) {
        return BradleyTerry.logistic(strengths.get(first) - strengths.get(second));
    }

    /** Fits the strengths to games; the number of items is at least 1. */
    public static Davidson fit(int items, List<Game> games) {
        boolean ties = games.stream().anyMatch(game -> game.outcome() == 0);
        Fit fit = new Fit(items, ties, tables(items, games));
        double[] parameters = fit.maximum();
        double mean = 0.0;
        for (int i = 0; i < items; i++) {
            mean += parameters[i] / items;
        }
        List<Double> strengths = new ArrayList<>();
        for (int i = 0; i < items; i++) {
            strengths.add(parameters[i] - mean);
        }
        return new Davidson(strengths, ties ? parameters[items] : Double.NEGATIVE_INFINITY);
    }

    /**
     * The influence of each game on each strength, for {@link Clusters}: the inverse of the curvature of the objective,
     * times the gradient of the game.
     *
     * @param games the games to which this was fitted
     */
    public Influence influence(List<Game> games) {
        int items = strengths.size();
        Fit fit = new Fit(items, tie > Double.NEGATIVE_INFINITY, tables(items, games));
        double[] at = new double[fit.ties ? items + 1 : items];
        for (int i = 0; i < items; i++) {
            at[i] = strengths.get(i);
        }
        if (fit.ties) {
            at[items] = tie;
        }
        return new Influence(fit, at, List.copyOf(games));
    }

    /** Influences of games on strengths. */
    public static final class Influence {
        private final List<Game> games;
        private final double[][] inverse;
        private final double[] slopes;
        private final double[] tieSlopes;

        private Influence(Fit fit, double[] at, List<Game> games) {
            this.games = games;
            this.inverse = fit.inverseCurvature(at);
            this.slopes = new double[games.size()];
            this.tieSlopes = new double[fit.ties ? games.size() : 0];
            for (int i = 0; i < slopes.length; i++) {
                Game game = games.get(i);
                double[] p = fit.probabilities(at[game.first()] - at[game.second()], at);
                // The features of the outcome, minus their expectation.
                slopes[i] = (game.outcome() + 1.0) / 2.0 - (p[0] + p[2] / 2.0);
                if (fit.ties) {
                    tieSlopes[i] = (game.outcome() == 0 ? 1.0 : 0.0) - p[2];
                }
            }
        }

        /** Influence of each game on the strength of an item, in nats. */
        public double[] on(int item) {
            double[] influence = new double[slopes.length];
            double[] row = inverse[item];
            for (int i = 0; i < influence.length; i++) {
                Game game = games.get(i);
                double ofTie = tieSlopes.length == 0 ? 0.0 : tieSlopes[i] * row[row.length - 1];
                influence[i] = slopes[i] * (row[game.first()] - row[game.second()]) + ofTie;
            }
            return influence;
        }
    }

    /** Wins, losses and ties of each two items that met, from the view of the item with the smaller number. */
    private static List<Table> tables(int items, List<Game> games) {
        Map<Long, double[]> counts = new TreeMap<>();
        for (Game game : games) {
            boolean ordered = game.first() < game.second();
            int low = ordered ? game.first() : game.second();
            int high = ordered ? game.second() : game.first();
            double[] count = counts.computeIfAbsent((long) low * items + high, unused -> new double[3]);
            int outcome = ordered ? game.outcome() : -game.outcome();
            count[outcome > 0 ? 0 : outcome < 0 ? 1 : 2]++;
        }
        List<Table> tables = new ArrayList<>();
        counts.forEach((key, count) ->
                tables.add(new Table((int) (key / items), (int) (key % items), count[0], count[1], count[2])));
        return tables;
    }

    private record Table(int first, int second, double wins, double losses, double ties) {}

    /** Newton's method on one set of games; parameters are the strengths and, if there are ties, the tie parameter. */
    private record Fit(int items, boolean ties, List<Table> tables) {
        double[] maximum() {
            double[] at = new double[ties ? items + 1 : items];
            double value = objective(at);
            for (int step = 0; step < MOST_STEPS; step++) {
                double[] direction = direction(at);
                if (largest(direction) < TOLERANCE) {
                    return at;
                }
                double length = 1.0;
                double[] next = moved(at, direction, length);
                double reached = objective(next);
                for (int halving = 0; reached < value && halving < MOST_HALVINGS; halving++) {
                    length /= 2.0;
                    next = moved(at, direction, length);
                    reached = objective(next);
                }
                at = next;
                value = reached;
            }
            return at;
        }

        private double[] direction(double[] at) {
            double[] gradient = new double[at.length];
            double[][] curvature = curvature(at, gradient);
            return BradleyTerry.solved(curvature, gradient);
        }

        private double[][] inverseCurvature(double[] at) {
            return BradleyTerry.inverse(curvature(at, new double[at.length]));
        }

        /** The negative second derivatives; adds the first to a gradient of zeros. */
        private double[][] curvature(double[] at, double[] gradient) {
            double[][] curvature = new double[at.length][at.length];
            for (int i = 0; i < at.length; i++) {
                gradient[i] = -PRIOR_PRECISION * at[i];
                curvature[i][i] = PRIOR_PRECISION;
            }
            for (Table table : tables) {
                addTo(gradient, curvature, table, at);
            }
            return curvature;
        }

        private double[] probabilities(Table table, double[] at) {
            return probabilities(at[table.first] - at[table.second], at);
        }

        private double[] probabilities(double margin, double[] at) {
            return new BradleyTerry(ties ? at[items] : Double.NEGATIVE_INFINITY).probabilities(margin);
        }

        private double objective(double[] at) {
            double sum = 0.0;
            for (double parameter : at) {
                sum -= PRIOR_PRECISION / 2.0 * parameter * parameter;
            }
            for (Table table : tables) {
                double[] p = probabilities(table, at);
                sum += table.wins * Math.log(p[0]) + table.losses * Math.log(p[1]);
                sum += table.ties == 0.0 ? 0.0 : table.ties * Math.log(p[2]);
            }
            return sum;
        }

        /** A win of the first has the features (1, 0, 0), of the second (0, 1, 0), and a tie (1/2, 1/2, 1). */
        private void addTo(double[] gradient, double[][] curvature, Table table, double[] at) {
            double[] p = probabilities(table, at);
            double games = table.wins + table.losses + table.ties;
            int[] index = {table.first, table.second, items};
            double[] seen = {table.wins + table.ties / 2.0, table.losses + table.ties / 2.0, table.ties};
            double[] mean = {p[0] + p[2] / 2.0, p[1] + p[2] / 2.0, p[2]};
            double[][] square = {
                {p[0] + p[2] / 4.0, p[2] / 4.0, p[2] / 2.0},
                {p[2] / 4.0, p[1] + p[2] / 4.0, p[2] / 2.0},
                {p[2] / 2.0, p[2] / 2.0, p[2]}
            };
            int features = ties ? 3 : 2;
            for (int i = 0; i < features; i++) {
                gradient[index[i]] += seen[i] - games * mean[i];
                for (int j = 0; j < features; j++) {
                    curvature[index[i]][index[j]] += games * (square[i][j] - mean[i] * mean[j]);
                }
            }
        }

        private static double[] moved(double[] at, double[] direction, double length) {
            double[] moved = at.clone();
            for (int i = 0; i < at.length; i++) {
                moved[i] += length * direction[i];
            }
            return moved;
        }

        private static double largest(double[] direction) {
            return Arrays.stream(direction).map(Math::abs).max().orElse(0.0);
        }
    }
}
