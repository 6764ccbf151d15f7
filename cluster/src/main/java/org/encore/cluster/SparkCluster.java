package org.encore.cluster;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.encore.cluster.ExecutorHost.Done;
import org.encore.cluster.ExecutorHost.Told;
import org.encore.cluster.GradientSums.Place;
import org.encore.run.Progress;
import org.encore.trainer.finetuning.ShardCluster;
import org.encore.trainer.finetuning.ShardTask;
import org.encore.trainer.finetuning.ShardTask.Network;
import scala.Tuple2;

/** The executors of a Spark application, whose driver is this process. */
final class SparkCluster implements ShardCluster {
    private static final Logger LOGGER = LogManager.getLogger(SparkCluster.class);
    private static final int POLL_MS = 100;

    /** Weights that nobody asks for. */
    private static final Weights NOTHING = new Weights() {
        @Override
        public long version(Network network) {
            return 0;
        }

        @Override
        public int trained(Network network) {
            return 0;
        }

        @Override
        public byte[] read(Network network, int from, int count) {
            return new byte[0];
        }
    };

    private final SparkSettings settings;
    private final boolean tolerant;
    private final JavaSparkContext context;
    private final Moves moves = new Moves();
    private final SentWeights.Ledger ledger;
    private Told told;
    private int shards;
    private Weights present = NOTHING;

    private SparkCluster(SparkSettings settings, boolean tolerant, JavaSparkContext context) {
        this.settings = settings;
        this.tolerant = tolerant;
        this.context = context;
        this.ledger = new SentWeights.Ledger(context, settings.chunkElements());
        context.sc().addSparkListener(moves);
    }

    static SparkCluster start(Options options) {
        SparkSettings settings = SparkSettings.of(options);
        try {
            return new SparkCluster(settings, options.toleratesUnequal(), new JavaSparkContext(settings.conf()));
        } catch (Exception e) { // Scala's are not declared
            throw new IllegalArgumentException(
                    "Spark did not start with " + options.master() + ": " + Failures.cause(e) + "; see docs/cluster.md",
                    e);
        }
    }

    /** A task with its number, as data of a partition. */
    record Numbered<R>(int number, ShardTask<R> task) implements Serializable {}

    /** What all tasks of a call share. */
    private record Call(Told told, EnumMap<Network, SentWeights> weights, int chunkElements, int chunks)
            implements Serializable {}

    /** Does a task, and takes its gradients home with the answer. */
    private record Whole<R>(Call call) implements Function<Numbered<R>, Done<R>> {
        @Override
        public Done<R> call(Numbered<R> numbered) {
            ArrayList<byte[]> gradients = new ArrayList<>();
            Done<R> done = ExecutorHost.run(call.told, numbered.task, call.weights);
            if (done.answer().failed().isEmpty() && numbered.task.gradient().isPresent()) {
                ExecutorHost.gradients(
                                call.told,
                                numbered.task.gradient().get(),
                                Integer.MAX_VALUE,
                                (shard, from, values) -> values)
                        .forEachRemaining(gradients::add);
            }
            return new Done<>(done.answer(), gradients, done.received());
        }
    }

    /** Does a task, and leaves pieces of its gradients for those who add them up. */
    private record InPieces<R>(Call call) implements PairFlatMapFunction<Numbered<R>, Place, Object> {
        @Override
        public Iterator<Tuple2<Place, Object>> call(Numbered<R> numbered) {
            Done<R> done = ExecutorHost.run(call.told, numbered.task, call.weights);
            Iterator<Tuple2<Place, Object>> answer = List.of(
                            new Tuple2<>(new Place(call.chunks, numbered.number), (Object) done))
                    .iterator();
            if (done.answer().failed().isPresent()) {
                return answer;
            }
            int first = numbered.number * call.told.shards();
            int chunk = call.chunkElements;
            Iterator<Tuple2<Place, Object>> pieces = ExecutorHost.gradients(
                    call.told,
                    numbered.task.gradient().orElseThrow(),
                    chunk,
                    (shard, from, values) -> new Tuple2<>(new Place(from / chunk, first + shard), values));
            return new Both(pieces, answer);
        }
    }

    /** One after another. */
    private record Both(Iterator<Tuple2<Place, Object>> first, Iterator<Tuple2<Place, Object>> second)
            implements Iterator<Tuple2<Place, Object>> {
        @Override
        public boolean hasNext() {
            return first.hasNext() || second.hasNext();
        }

        @Override
        public Tuple2<Place, Object> next() {
            return first.hasNext() ? first.next() : second.next();
        }
    }

    @Override
    public void open(Session session, Progress progress) {
        shards = session.shards();
        told = new Told(
                context.sc().applicationId(),
                SentSettings.of(session.settings()),
                session.base().toString(),
                session.sha256(),
                shardsPerTask(),
                session.probe(),
                session.kernels(),
                tolerant);
        int executors = await(progress);
        int[] ready = {0};
        List<ShardTask<Boolean>> attendance = IntStream.range(0, executors)
                .mapToObj(i -> ShardTask.attendance())
                .toList();
        List<Answer<Boolean>> answers = run(attendance, NOTHING, (network, from, values) -> {}, task -> {
            ready[0]++;
            progress.step("opening", ready[0], executors, "executors");
        });
        for (Answer<Boolean> answer : answers) {
            answer.failed().ifPresent(failure -> {
                throw failure.thrownBy(answer.executor());
            });
        }
        if (tolerant) {
            LOGGER.warn("executors with unequal kernels are tolerated: this run is not equal to others bit for bit");
        }
        LOGGER.info(
                "{} executors of {} cores, {} shards a task, kernels {}",
                executors,
                settings.cores(),
                shardsPerTask(),
                session.kernels());
    }

    /** Waits for the executors; for one at least. */
    private int await(Progress progress) {
        long start = System.nanoTime();
        int wanted = Math.max(1, settings.executors());
        int there = registered();
        while (there < wanted) {
            double seconds = (System.nanoTime() - start) / 1e9;
            Optional<String> death =
                    there == 0 && seconds > 1 ? Failures.ofExecutors(context, wanted) : Optional.empty();
            if (context.sc().isStopped() || death.isPresent() || seconds > settings.registrationSeconds()) {
                if (there > 0 && death.isEmpty() && !context.sc().isStopped()) {
                    LOGGER.warn(
                            "{} of {} executors have come in {} s; the others may join later", there, wanted, seconds);
                    return there;
                }
                throw new IllegalArgumentException("no executor has started at "
                        + context.master() + " in " + Math.round(seconds) + " s"
                        + death.map(why -> ": " + why).orElse("")
                        + "; each needs " + settings.cores() + " cores, "
                        + settings.conf().get("spark.executor.memory")
                        + " of memory and the Java of this process, "
                        + System.getProperty("java.version"));
            }
            progress.step("opening", 0, wanted, "executors start");
            sleep();
            there = registered();
        }
        return there;
    }

    private int registered() {
        if (context.sc().isStopped()) {
            return 0;
        }
        int all = context.sc().getExecutorMemoryStatus().size();
        // The driver counts itself, and is the only executor of local[n].
        return context.master().startsWith("local[") ? all : all - 1;
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for executors", e);
        }
    }

    @Override
    public int shardsPerTask() {
        return settings.shardsPerTask(shards);
    }

    @Override
    public <R> List<Answer<R>> run(
            List<ShardTask<R>> tasks, Weights weights, Gradients gradients, IntConsumer finished) {
        ShardTask<R> first = tasks.get(0);
        EnumMap<Network, SentWeights> sent = new EnumMap<>(Network.class);
        first.reads().forEach(network -> sent.put(network, ledger.of(network, weights)));
        context.setJobDescription(first.phase());
        List<Numbered<R>> numbered = IntStream.range(0, tasks.size())
                .mapToObj(i -> new Numbered<>(i, tasks.get(i)))
                .toList();
        JavaRDD<Numbered<R>> partitions = context.parallelize(numbered, numbered.size());
        moves.watch(finished);
        present = weights;
        List<Done<R>> done;
        try {
            long bytes = first.gradient()
                    .map(network -> (long) shards * Float.BYTES * weights.trained(network))
                    .orElse(0L);
            if (bytes > settings.collectBytes()) {
                Network network = first.gradient().orElseThrow();
                int chunk = settings.chunkElements();
                int chunks = (weights.trained(network) + chunk - 1) / chunk;
                Call call = new Call(told, sent, chunk, chunks);
                done = GradientSums.run(
                        partitions.flatMapToPair(new InPieces<>(call)), chunks, chunk, network, gradients);
            } else {
                List<Done<R>> all = partitions
                        .map(new Whole<>(new Call(told, sent, settings.chunkElements(), 0)))
                        .collect();
                first.gradient().ifPresent(network -> GradientSums.add(all, network, gradients));
                done = all;
            }
        } catch (Exception e) { // Scala's are not declared
            throw Failures.lost(context, first.phase(), e);
        }
        moves.received(done.stream().mapToLong(Done::received).sum());
        return done.stream().map(Done::answer).toList();
    }

    @Override
    public Map<String, Double> metrics() {
        // An iteration has ended: its weights are out of date.
        ledger.destroyOutdated(present);
        return moves.metrics(context);
    }

    @Override
    public void close() {
        if (told != null) {
            ExecutorHost.close(told.run());
        }
        context.close();
    }
}
