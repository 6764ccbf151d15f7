package org.encore.evaluation.value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.settings.Checks;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.ParallelGenerator.Request;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.AudioCodec;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.RewardScores;
import org.encore.rewards.mixture.RewardScores.MemberScores;
import org.encore.run.Progress;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.statistics.VarianceComponents;

/**
 * Measures by branching how much of the score is decided at each position of a piece.
 *
 * <p>A piece is generated for each prompt. From its beginnings of several lengths the same policy continues several times, and
 * every continuation is scored. The mean score of a beginning's continuations estimates the true value there, so the variance of
 * these means, less the noise of each ({@link VarianceComponents}), over all variance is the explained variance of the true
 * value function: no baseline that sees the prompt and the codes so far explains more.
 *
 * <p>Scores are those of the rewards, without penalties for KL or for a missing end.
 */
public final class ValueOracle {
    private static final int RESAMPLES = 1000;
    /** Prompts whose continuations are generated at a time. */
    private static final int PROMPTS_AT_ONCE = 4;
    /** Clips that are held in memory at a time. */
    private static final int CLIPS_AT_ONCE = 64;

    private final PretrainedModel model;
    private final AudioCodec codec;
    private final Mixture mixture;
    private final Plan plan;
    private final RandomStreams streams;

    /**
     * What to measure.
     *
     * @param positions P: the beginnings are {@code 0, 1/P … (P - 1)/P} of each piece
     * @param branches continuations of each beginning, at least 2
     * @param maxFrames longest piece
     * @param sampling the policy's
     * @param batch sequences that a shard generates at a time
     * @param seed of pieces, continuations and intervals
     */
    public record Plan(int positions, int branches, int maxFrames, SamplingSettings sampling, int batch, long seed) {
        public Plan {
            Checks.atLeast("positions", positions, 1);
            Checks.atLeast("branches", branches, 2);
        }
    }

    /**
     * The ceiling for one score.
     *
     * @param reward id of a reward, for its raw score; {@code total} for that of the mixture
     * @param byPosition explained variance by position, with intervals over prompts
     * @param overall of all positions alike
     * @param mean score of the continuations
     * @param deviation of one continuation's score
     */
    public record Ceiling(String reward, List<Interval> byPosition, Interval overall, double mean, double deviation) {}

    /**
     * All ceilings.
     *
     * @param positions share of the piece that is known
     * @param ceilings the total first, then each reward if there are several
     * @param pieces number of pieces generated
     */
    public record Result(List<Double> positions, List<Ceiling> ceilings, int pieces) {}

    /** Prepares; the caller closes the model. */
    public ValueOracle(PretrainedModel model, AudioCodec codec, Mixture mixture, Plan plan) {
        this.model = model;
        this.codec = codec;
        this.mixture = mixture;
        this.plan = plan;
        this.streams = new RandomStreams(plan.seed());
    }

    /** Measures on some prompts, at least two. */
    public Result run(List<Prompt> prompts, Progress progress) {
        Checks.atLeast("prompts", prompts.size(), 2);
        List<String> names = names();
        // scores[name][position][prompt][branch]
        double[][][][] scores = new double[names.size()][plan.positions()][prompts.size()][plan.branches()];
        try (ParallelGenerator generator = model.generator(plan.sampling(), plan.batch(), plan.maxFrames())) {
            List<int[][]> pieces = generator
                    .generate(prompts.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.EVALUATION, i))
                    .stream()
                    .map(Completion::codes)
                    .toList();
            Mixture settled = mixture.withState(
                    mixture.rewardScores(samples(pieces, prompts, 0, Math.min(pieces.size(), CLIPS_AT_ONCE)))
                            .after());
            for (int from = 0; from < prompts.size(); from += PROMPTS_AT_ONCE) {
                int to = Math.min(from + PROMPTS_AT_ONCE, prompts.size());
                measure(generator, settled, prompts, pieces, from, to, scores);
                progress.step("branching", to, prompts.size(), "");
            }
        }
        List<Ceiling> ceilings = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            ceilings.add(ceiling(names.get(i), scores[i]));
        }
        List<Double> positions = IntStream.range(0, plan.positions())
                .mapToObj(p -> (double) p / plan.positions())
                .toList();
        return new Result(positions, ceilings, prompts.size() * (1 + plan.positions() * plan.branches()));
    }

    /** The total, and each reward if there are several. */
    private List<String> names() {
        Stream<String> members =
                mixture.members().size() > 1 ? mixture.members().stream().map(Mixture.Member::id) : Stream.of();
        return Stream.concat(Stream.of("total"), members).toList();
    }

    private void measure(
            ParallelGenerator generator,
            Mixture settled,
            List<Prompt> prompts,
            List<int[][]> pieces,
            int from,
            int to,
            double[][][][] scores) {
        int each = plan.positions() * plan.branches();
        List<Request> requests = new ArrayList<>();
        List<Prompt> asked = new ArrayList<>();
        for (int i = from; i < to; i++) {
            for (int p = 0; p < plan.positions(); p++) {
                int[][] prefix = beginning(pieces.get(i), p);
                for (int branch = 0; branch < plan.branches(); branch++) {
                    requests.add(new Request(Optional.of(prompts.get(i).text()), prefix));
                    asked.add(prompts.get(i));
                }
            }
        }
        List<int[][]> continued = generator
                .generate(
                        requests,
                        j -> streams.stream(
                                Purpose.EVALUATION,
                                from + j / each,
                                1 + j % each / plan.branches(),
                                j % plan.branches()),
                        (int sequences) -> {})
                .stream()
                .map(Completion::codes)
                .toList();
        for (int first = 0; first < continued.size(); first += CLIPS_AT_ONCE) {
            int last = Math.min(first + CLIPS_AT_ONCE, continued.size());
            RewardScores scored = settled.rewardScores(samples(continued, asked, first, last));
            for (int j = first; j < last; j++) {
                int prompt = from + j / each;
                int position = j % each / plan.branches();
                double[] own = of(scored, j - first);
                for (int name = 0; name < scores.length; name++) {
                    scores[name][position][prompt][j % plan.branches()] = own[name];
                }
            }
        }
    }

    private int[][] beginning(int[][] piece, int position) {
        int frames = (int) ((long) piece[0].length * position / plan.positions());
        return Arrays.stream(piece).map(codes -> Arrays.copyOf(codes, frames)).toArray(int[][]::new);
    }

    private List<Sample> samples(List<int[][]> pieces, List<Prompt> prompts, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> Sample.of(prompts.get(i), codec.decode(pieces.get(i)), pieces.get(i)))
                .toList();
    }

    /** The scores of a sample by name, NaN for an abstention. */
    private static double[] of(RewardScores scored, int sample) {
        double total = scored.scores().get(sample).abstains()
                ? Double.NaN
                : scored.scores().get(sample).value();
        List<MemberScores> members = scored.members();
        return members.size() == 1
                ? new double[] {total}
                : IntStream.rangeClosed(0, members.size())
                        .mapToDouble(i -> i == 0 ? total : members.get(i - 1).raw(sample))
                        .toArray();
    }

    /** Scores by position, prompt and branch. */
    private Ceiling ceiling(String name, double[][][] scores) {
        Bootstrap bootstrap = new Bootstrap(RESAMPLES, plan.seed());
        int prompts = scores[0].length;
        List<Interval> byPosition = Arrays.stream(scores)
                .map(groups ->
                        bootstrap.interval(prompts, drawn -> of(groups, drawn).share()))
                .toList();
        Interval overall = bootstrap.interval(
                prompts,
                drawn -> share(
                        Arrays.stream(scores).map(groups -> of(groups, drawn)).toList()));
        double[] all = Arrays.stream(scores)
                .flatMap(Arrays::stream)
                .flatMapToDouble(Arrays::stream)
                .filter(x -> !Double.isNaN(x))
                .toArray();
        double mean = Arrays.stream(all).average().orElse(Double.NaN);
        double variance =
                Arrays.stream(all).map(x -> (x - mean) * (x - mean)).average().orElse(Double.NaN);
        return new Ceiling(name, byPosition, overall, mean, Math.sqrt(variance));
    }

    private static VarianceComponents of(double[][] groups, int[] drawn) {
        return VarianceComponents.of(
                Arrays.stream(drawn).mapToObj(i -> groups[i]).toList());
    }

    /** All positions alike. */
    private static double share(List<VarianceComponents> parts) {
        return new VarianceComponents(
                        parts.stream().mapToDouble(VarianceComponents::between).sum(),
                        parts.stream().mapToDouble(VarianceComponents::within).sum())
                .share();
    }
}
