package org.encore.preferences.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.Preference;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.simulation.ClipTable.SimulatedClip;
import org.encore.preferences.simulation.Population.Taste;
import org.encore.preferences.simulation.Simulation.Electorate.Matchup;
import org.encore.preferences.simulation.SimulationSettings.Pairing;
import org.encore.preferences.statistics.Contest;
import org.encore.preferences.statistics.Contest.Match;
import org.encore.statistics.BradleyTerry;

/** Simulates votes of a population of raters on pairs of clips, and writes votes and clips. */
public final class Simulation {
    /** Training votes. */
    public static final String TRAIN = "train.jsonl";

    /** Votes on other prompts and clips, for evaluation. */
    public static final String HELD_OUT = "held-out.jsonl";

    private static final int SPLIT = 0;
    private static final int PAIRING = 1;
    private static final int VOTING = 2;

    private final SimulationSettings settings;
    private final RandomStreams streams;
    private final List<SimulatedClip> clips;
    private final Electorate electorate;
    private final List<Matchup> pairs;

    /**
     * Result of a simulation.
     *
     * @param train number of training votes
     * @param heldOut number of held-out votes
     * @param agreement expected share of strict votes for the clip that the mean taste prefers
     * @param ties number of ties
     * @param matches matches of the checkpoints; none if there is only one
     */
    public record Result(int train, int heldOut, double agreement, int ties, List<Match> matches) {}

    /**
     * Draws raters and pairs, and fits the sharpness.
     *
     * @param scale scale of an earlier simulation; empty to fit one to these clips
     * @throws IllegalArgumentException if the agreement cannot be reached
     */
    public Simulation(SimulationSettings settings, List<SimulatedClip> clips, Optional<Scale> scale) {
        this.settings = settings;
        this.streams = new RandomStreams(settings.seed());
        this.clips = List.copyOf(clips);
        this.pairs = matchups();
        List<double[]> amounts = clips.stream()
                .map(clip -> Taste.all(clip.prompt(), clip.piece()))
                .toList();
        Population population = Population.of(settings.population(), settings.role(), streams);
        if (scale.isPresent()) {
            this.electorate = Electorate.of(population, scale.get(), amounts);
        } else {
            double share = settings.votes().tieShare();
            Scale blunt = Scale.of(amounts, Math.log(2.0 * share / (1.0 - share)));
            double sharpness = Electorate.of(population, blunt, amounts)
                    .sharpnessFor(settings.votes().agreement(), pairs);
            this.electorate = Electorate.of(population, blunt.sharpened(sharpness), amounts);
        }
    }

    /** Pairs in their order: all prompts in turn, two clips of each, with a random rater. */
    private List<Matchup> matchups() {
        Map<Integer, List<Integer>> byPrompt = new LinkedHashMap<>();
        for (int clip = 0; clip < clips.size(); clip++) {
            byPrompt.computeIfAbsent(clips.get(clip).promptNumber(), unused -> new ArrayList<>())
                    .add(clip);
        }
        List<List<Integer>> groups = List.copyOf(byPrompt.values());
        List<Matchup> drawn = new ArrayList<>();
        for (int i = 0; i < settings.votes().pairs(); i++) {
            drawn.add(matchup(groups.get(i % groups.size()), streams.stream(Purpose.EVALUATION, PAIRING, i, 0)));
        }
        return drawn;
    }

    private Matchup matchup(List<Integer> group, RandomGenerator random) {
        int a = group.get(random.nextInt(group.size()));
        List<Integer> others = group.stream()
                .filter(clip -> clip != a)
                .filter(clip -> settings.votes().pairing() == Pairing.WITHIN
                        || !clips.get(clip).system().equals(clips.get(a).system()))
                .toList();
        int b = others.get(random.nextInt(others.size()));
        return new Matchup(random.nextInt(settings.population().raters()), a, b);
    }

    /**
     * Simulates the votes, and writes clips, votes, clip table and scale.
     *
     * <p>The votes are written last, so that a directory with votes is complete.
     */
    public Result write(Path directory) throws IOException {
        List<Path> files = writeClips(directory);
        List<VoteFiles.Entry> train = new ArrayList<>();
        List<VoteFiles.Entry> heldOut = new ArrayList<>();
        List<Vote> all = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            Vote vote = vote(i, files);
            all.add(vote);
            SimulatedClip clip = clips.get(pairs.get(i).a());
            // Two prompts of one text are on one side.
            int number = numbers.computeIfAbsent(clip.prompt().text(), text -> clip.promptNumber());
            List<VoteFiles.Entry> side = isHeldOut(number) ? heldOut : train;
            side.add(VoteFiles.Entry.of(vote));
        }
        electorate.scale().write(directory);
        VoteFiles.write(directory.resolve(HELD_OUT), heldOut);
        VoteFiles.write(directory.resolve(TRAIN), train);
        return new Result(
                train.size(),
                heldOut.size(),
                electorate.agreement(pairs, electorate.scale().sharpness()),
                (int) all.stream()
                        .filter(vote -> vote.preferred() == Preference.TIE)
                        .count(),
                Match.of(all, Contest.By.SYSTEM));
    }

    /** Writes the clips without syncing, because they can be generated again from the seed. */
    private List<Path> writeClips(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("clips"));
        List<Path> files = new ArrayList<>();
        Map<Path, Map<String, Double>> found = new LinkedHashMap<>();
        for (int clip = 0; clip < clips.size(); clip++) {
            Path file = directory.resolve("clips").resolve(String.format(Locale.ROOT, "%06d.mid", clip));
            Files.write(file, MidiFiles.toBytes(clips.get(clip).piece()));
            files.add(file);
            found.put(file, electorate.found(clip));
        }
        new ClipTable(found).write(directory);
        return files;
    }

    private Vote vote(int number, List<Path> files) {
        Matchup pair = pairs.get(number);
        Preference preferred = electorate.vote(pair, streams.stream(Purpose.EVALUATION, VOTING, number, 0));
        return new Vote(
                clips.get(pair.a()).prompt().text(),
                side(pair.a(), files),
                side(pair.b(), files),
                preferred,
                electorate.population().names().get(pair.rater()),
                Optional.empty());
    }

    private RatedClip side(int clip, List<Path> files) {
        return new RatedClip(
                files.get(clip),
                clips.get(clip).system(),
                OptionalDouble.of(clips.get(clip).piece().seconds()));
    }

    private boolean isHeldOut(int prompt) {
        return streams.stream(Purpose.EVALUATION, SPLIT, prompt, 0).nextDouble()
                < settings.votes().heldOutShare();
    }

    /**
     * The raters of a simulation and the clips they compare.
     *
     * @param population the raters
     * @param scale converts amounts of taste to log-odds
     * @param amounts of each taste in each clip, in standard deviations, {@code [clips][tastes]}
     */
    record Electorate(Population population, Scale scale, List<double[]> amounts) {
        private static final double MOST_SHARPNESS = 1e4;
        private static final int HALVINGS = 60;

        static Electorate of(Population population, Scale scale, List<double[]> rawAmounts) {
            return new Electorate(
                    population,
                    scale,
                    rawAmounts.stream().map(scale::standardised).toList());
        }

        /** Two clips and a rater. */
        record Matchup(int rater, int a, int b) {}

        /** Draws the vote of the rater. */
        Preference vote(Matchup pair, RandomGenerator random) {
            double[] p = probabilities(pair, scale.sharpness());
            double draw = random.nextDouble();
            return draw < p[0] ? Preference.A : draw < p[0] + p[1] ? Preference.B : Preference.TIE;
        }

        /**
         * The sharpness at which strict votes agree with the population's mean taste with the given probability.
         *
         * @throws IllegalArgumentException if even raters without noise agree less
         */
        double sharpnessFor(double agreement, List<Matchup> pairs) {
            double low = 0.0;
            double high = MOST_SHARPNESS;
            double most = agreement(pairs, high);
            if (most < agreement) {
                throw new IllegalArgumentException("agreement is " + agreement
                        + ", but raters with tastes so different agree" + " with each other's mean in " + most
                        + " of the votes at most: lower it, or the spread");
            }
            for (int i = 0; i < HALVINGS; i++) {
                double middle = (low + high) / 2.0;
                if (agreement(pairs, middle) < agreement) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return high;
        }

        /** Expected share of strict votes for the clip that the population's mean taste prefers. */
        double agreement(List<Matchup> pairs, double sharpness) {
            double agreed = 0.0;
            double strict = 0.0;
            List<Double> mean = new ArrayList<>();
            amounts.forEach(each -> mean.add(population.meanUtility(each)));
            for (Matchup pair : pairs) {
                double[] p = probabilities(pair, sharpness);
                strict += p[0] + p[1];
                agreed += mean.get(pair.a) >= mean.get(pair.b) ? p[0] : p[1];
            }
            return agreed / strict;
        }

        /** Standardised amount of each taste in a clip, and its mean utility. */
        Map<String, Double> found(int clip) {
            Map<String, Double> found = new LinkedHashMap<>();
            List<Taste> tastes = List.of(Taste.values());
            for (int i = 0; i < tastes.size(); i++) {
                found.put(tastes.get(i).key(), amounts.get(clip)[i]);
            }
            found.put(ClipTable.UTILITY, population.meanUtility(amounts.get(clip)));
            return found;
        }

        private double[] probabilities(Matchup pair, double sharpness) {
            double margin = sharpness
                    * (population.utility(pair.rater, amounts.get(pair.a))
                            - population.utility(pair.rater, amounts.get(pair.b)));
            return new BradleyTerry(scale.tie()).probabilities(margin);
        }
    }
}
