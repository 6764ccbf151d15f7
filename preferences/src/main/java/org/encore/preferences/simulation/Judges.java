package org.encore.preferences.simulation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.base.settings.Checks;
import org.encore.music.Piece;
import org.encore.music.text.Prompt;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.simulation.Population.Role;
import org.encore.preferences.simulation.Population.Taste;

/**
 * Simulated raters of a listening test as in the paper: several rate both clips of each pair from 1 to 5.
 *
 * <p>They share no parameter with any reward: their tastes are measured by rules over the notes, each judge weighs them in a way
 * of its own, drawn apart from the listeners whose votes train preference models, and the scale is that of the first system's
 * clips, which no reward has seen. A judge hears {@code u = sharpness · Σ weight · amount} with amounts in standard deviations
 * of the first system, adds its own leniency and fresh Gumbel noise for each hearing, as in the model of Bradley and Terry, and
 * rates {@code 3 + (u + noise) / natsPerPoint}, rounded to whole points and kept within 1 and 5. So clips within a point of each
 * other often tie. All of this is ours: the paper asked people.
 *
 * @paper Cideron et al. 2024, MusicRL, section 5.1, <a href="https://arxiv.org/abs/2402.04229">arXiv 2402.04229</a>
 */
public final class Judges {
    private static final int OPINION = 2;
    private static final int CHOICE = 3;

    /** Mean of the standard Gumbel distribution, Euler's constant: taken away, so that noise has the mean 0. */
    private static final double GUMBEL_MEAN = 0.5772156649015329;

    private final Settings settings;
    private final RandomStreams streams;
    private final Population population;
    private final double[] leniency;

    /**
     * Settings of the judges.
     *
     * @param seed seed of tastes, noise and who rates what
     * @param perPair judges for each pair of clips, as in the paper 3; 0 for no simulated judges
     * @param population number of judges, mean weights and spread of their tastes
     * @param sharpness nats of utility heard per unit of weight and standard deviation of a taste; small values make judges rate
     *     by chance
     * @param natsPerPoint nats of utility for one point of the rating; large values make most pairs tie
     * @param leniency standard deviation of the points that a judge always gives more or less
     */
    public record Settings(
            long seed,
            int perPair,
            Population.Settings population,
            double sharpness,
            double natsPerPoint,
            double leniency) {
        public Settings {
            Checks.atLeast("perPair", perPair, 0);
            Checks.above("sharpness", sharpness, 0.0);
            Checks.above("natsPerPoint", natsPerPoint, 0.0);
            Checks.atLeast("leniency", leniency, 0.0);
            if (perPair > population.raters()) {
                throw new IllegalArgumentException("perPair is " + perPair + ", but there are only "
                        + population.raters() + " judges: raise population.raters");
            }
        }

        /** Other judges of the same kind. */
        public Settings seeded(long more) {
            return new Settings(seed + more, perPair, population, sharpness, natsPerPoint, leniency);
        }

        /**
         * Sixty judges for whom adherence counts as much as how the notes sound, since the paper's raters judged adherence,
         * quality and appeal together.
         */
        public static Settings defaults() {
            return new Settings(
                    7, 3, new Population.Settings(60, List.of(1.0, 1.0, 0.6, 0.4, 0.4), 0.3), 1.0, 2.0, 0.3);
        }
    }

    /** Draws the judges. */
    public Judges(Settings settings) {
        this.settings = settings;
        this.streams = new RandomStreams(settings.seed());
        this.population = Population.of(settings.population(), Role.JUDGES, streams);
        this.leniency = new double[settings.population().raters()];
        for (int rater = 0; rater < leniency.length; rater++) {
            leniency[rater] =
                    settings.leniency() * streams.stream(Purpose.RATING, rater).nextGaussian();
        }
    }

    /**
     * Rates every two systems on every prompt.
     *
     * @param prompts the prompts, each of one clip of every system
     * @param clips the clips of each system, in the order of the prompts; the first system gives the scale
     * @param files where the clips of a system are, for the votes; empty if nowhere
     * @return with ratings; a pair of one prompt has as many votes as judges, all of different ones
     */
    public List<Vote> votes(
            List<Prompt> prompts, Map<String, List<Piece>> clips, Optional<Map<String, List<Path>>> files) {
        List<String> systems = List.copyOf(clips.keySet());
        Map<String, List<double[]>> amounts = new LinkedHashMap<>();
        clips.forEach((system, pieces) -> {
            List<double[]> each = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                each.add(Taste.all(prompts.get(i), pieces.get(i)));
            }
            amounts.put(system, each);
        });
        Scale scale = Scale.of(amounts.get(systems.get(0)), Double.NEGATIVE_INFINITY);
        amounts.values().forEach(each -> each.replaceAll(scale::standardised));
        List<Vote> votes = new ArrayList<>();
        int pair = 0;
        for (int one = 0; one < systems.size(); one++) {
            for (int other = one + 1; other < systems.size(); other++) {
                for (int i = 0; i < prompts.size(); i++) {
                    int[] order = new int[population.names().size()];
                    for (int rater = 0; rater < order.length; rater++) {
                        order[rater] = rater;
                    }
                    Shuffle.inPlace(order, streams.stream(Purpose.EVALUATION, CHOICE, pair, i));
                    for (int turn = 0; turn < settings.perPair(); turn++) {
                        RandomGenerator noise = streams.stream(Purpose.RATING, OPINION, pair, i, turn);
                        int rater = order[turn];
                        RatedClip a = rated(systems.get(one), i, rater, amounts, files, noise);
                        RatedClip b = rated(systems.get(other), i, rater, amounts, files, noise);
                        Preference preferred = Preference.ofRatings(
                                a.rating().orElseThrow(), b.rating().orElseThrow());
                        votes.add(new Vote(
                                prompts.get(i).text(),
                                a,
                                b,
                                preferred,
                                population.names().get(rater),
                                Optional.empty()));
                    }
                }
                pair++;
            }
        }
        return votes;
    }

    private RatedClip rated(
            String system,
            int prompt,
            int rater,
            Map<String, List<double[]>> amounts,
            Optional<Map<String, List<Path>>> files,
            RandomGenerator random) {
        double utility = population.utility(rater, amounts.get(system).get(prompt));
        // An open interval, because the logarithm of 0 is not finite.
        double gumbel = -Math.log(-Math.log(Math.max(random.nextDouble(), Double.MIN_NORMAL))) - GUMBEL_MEAN;
        double points = 3.0 + leniency[rater] + (settings.sharpness() * utility + gumbel) / settings.natsPerPoint();
        double rating = Math.max(RatedClip.WORST, Math.min(RatedClip.BEST, Math.rint(points)));
        Path file = files.map(all -> all.get(system).get(prompt)).orElse(Path.of(""));
        return new RatedClip(file, system, OptionalDouble.empty(), OptionalDouble.of(rating));
    }
}
