package org.encore.benchmarks.comparison;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.comparison.ComparisonReport.Agreement;
import org.encore.benchmarks.comparison.ComparisonReport.Agreement.DisagreementException;
import org.encore.benchmarks.comparison.ComparisonReport.MachineFacts;
import org.encore.benchmarks.comparison.ComparisonReport.SideResult;
import org.encore.benchmarks.comparison.ComparisonReport.WorkResult;
import org.encore.benchmarks.comparison.EngineProcess.EngineKind;
import org.encore.benchmarks.comparison.EngineProcess.Repetition;
import org.encore.benchmarks.engines.LibTorchEngine;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.encore.run.Progress;

/**
 * Times Encore and LibTorch in turn, each in a process of its own.
 *
 * <p>For each piece of work: start Encore with one shard a core, and LibTorch with one thread and with a thread a core; check
 * that they compute the same; warm up; keep the faster of LibTorch's two settings; then LibTorch, Encore, LibTorch, Encore,
 * and so on.
 */
public final class EngineComparison {
    private static final int PRODUCT_TRIALS = 5;
    /** How many times as long as another setting's first repetition makes a further one pointless. */
    private static final double HOPELESS = 3.0;

    private final ComparisonSettings settings;
    private final int cores;
    private final Turns turns;

    /**
     * Plans.
     *
     * @throws MissingLibraryException if LibTorch is not on the class path
     */
    public EngineComparison(ComparisonSettings settings, Progress progress) {
        if (!LibTorchEngine.isPresent()) {
            throw new MissingLibraryException("LibTorch", "./encore bench engine");
        }
        this.settings = settings;
        this.cores = Runtime.getRuntime().availableProcessors();
        this.turns = new Turns(progress, settings.repetitions(peerThreads().size()));
    }

    private List<Integer> peerThreads() {
        return cores == 1 ? List.of(1) : List.of(1, cores);
    }

    /** All measurements of one piece of work. */
    private record Told(
            String encore,
            String libtorch,
            Agreement agreement,
            double encoreProductRate,
            double libtorchProductRate,
            WorkResult result) {}

    /**
     * Measures everything.
     *
     * @throws DisagreementException if the two sides do not compute the same
     */
    public ComparisonReport run() throws IOException {
        MachineFacts machine = MachineFacts.look();
        List<Told> all = new ArrayList<>();
        for (Work work : settings.works()) {
            all.add(compare(new Task(settings.size(), work)));
        }
        return new ComparisonReport(
                machine,
                all.get(0).encore(),
                all.get(0).libtorch(),
                all.get(0).agreement(),
                all.stream().mapToDouble(Told::encoreProductRate).max().orElseThrow(),
                all.stream().mapToDouble(Told::libtorchProductRate).max().orElseThrow(),
                all.stream().map(Told::result).toList());
    }

    private Told compare(Task task) throws IOException {
        try (Children children = new Children(task)) {
            EngineProcess encore = children.encore;
            // With the most threads: every core computes.
            EngineProcess widest = children.peers.get(children.peers.size() - 1);
            Agreement agreement = Agreement.of(task, encore, widest);
            double encoreRate = productRate(encore);
            double peerRate = productRate(widest);
            Map<Integer, Double> trials = children.keepFasterPeer();
            EngineProcess peer = children.peers.get(0);
            children.warmUp(encore);
            List<Repetition> mine = new ArrayList<>();
            List<Repetition> its = new ArrayList<>();
            for (int run = 0; run < settings.runs(); run++) {
                its.add(children.take(peer));
                mine.add(children.take(encore));
            }
            WorkResult result =
                    new WorkResult(task, task.operations(), result(encore, mine), result(peer, its), trials);
            return new Told(encore.description(), peer.description(), agreement, encoreRate, peerRate, result);
        }
    }

    /** Memory first: what is measured afterwards belongs to no repetition. */
    private static SideResult result(EngineProcess child, List<Repetition> repetitions) {
        long peak = child.peakBytes();
        return new SideResult(child.threads(), repetitions, peak, child.heapBytesPerStep());
    }

    private static double productRate(EngineProcess child) {
        double best = 0;
        for (int i = 0; i < PRODUCT_TRIALS; i++) {
            best = Math.max(best, child.productRate(ComparisonReport.PRODUCT_SIZE));
        }
        return best;
    }

    /** The processes of one piece of work. */
    private final class Children implements AutoCloseable {
        private final Task task;
        private final List<EngineProcess> all = new ArrayList<>();
        private final EngineProcess encore;
        private final List<EngineProcess> peers = new ArrayList<>();

        Children(Task task) throws IOException {
            this.task = task;
            encore = open(EngineKind.ENCORE, cores);
            for (int threads : peerThreads()) {
                peers.add(open(EngineKind.LIBTORCH, threads));
            }
            float[] text = encore.textStates();
            peers.forEach(peer -> peer.readText(text));
        }

        private EngineProcess open(EngineKind side, int threads) throws IOException {
            try {
                EngineProcess child = EngineProcess.open(side, task, threads);
                all.add(child);
                return child;
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        Repetition take(EngineProcess child) {
            return turns.take(child, task.id(), all);
        }

        void warmUp(EngineProcess child) {
            take(child);
            warmUpAfterFirst(child);
        }

        /**
         * Leaves the faster setting as the only peer; returns the median seconds of each by its number of threads. Threads
         * that wait for each other are hopeless on a machine that is not idle: such a setting is given up after one
         * repetition.
         */
        Map<Integer, Double> keepFasterPeer() throws IOException {
            Map<Integer, Double> seconds = new TreeMap<>();
            double best = Double.POSITIVE_INFINITY;
            for (EngineProcess peer : List.copyOf(peers)) {
                double first = take(peer).seconds();
                if (first > HOPELESS * best) {
                    seconds.put(peer.threads(), first);
                    turns.skip(settings.warmUps() - 1 + ComparisonSettings.TRIALS);
                    drop(peer);
                } else {
                    best = Math.min(best, first);
                    warmUpAfterFirst(peer);
                }
            }
            Map<Integer, List<Repetition>> trials = new TreeMap<>();
            for (int trial = 0; trial < ComparisonSettings.TRIALS; trial++) {
                for (EngineProcess peer : peers) {
                    trials.computeIfAbsent(peer.threads(), threads -> new ArrayList<>())
                            .add(take(peer));
                }
            }
            trials.forEach((threads, each) -> seconds.put(threads, SideResult.medianSeconds(each)));
            peers.sort(Comparator.comparingDouble(peer -> seconds.get(peer.threads())));
            for (EngineProcess slower : List.copyOf(peers.subList(1, peers.size()))) {
                drop(slower);
            }
            return seconds;
        }

        private void warmUpAfterFirst(EngineProcess child) {
            for (int i = 1; i < settings.warmUps(); i++) {
                take(child);
            }
        }

        private void drop(EngineProcess peer) throws IOException {
            peer.close();
            peers.remove(peer);
            all.remove(peer);
        }

        @Override
        public void close() throws IOException {
            for (EngineProcess child : all) {
                child.close();
            }
        }
    }

    /** Lets one child at a time compute, and only after all of them have come to rest. */
    static final class Turns {
        private static final int LOOK_MILLIS = 200;
        private static final int MOST_LOOKS = 25;
        /** Threads that wait busily, compilers and collectors continue after an answer; this load counts as idle. */
        private static final Duration REST = Duration.ofMillis(20);

        private final Progress progress;
        private final int total;
        private int done;

        Turns(Progress progress, int total) {
            this.progress = progress;
            this.total = total;
        }

        /** One repetition of one child, while the others rest. */
        Repetition take(EngineProcess child, String what, List<EngineProcess> all) {
            awaitRest(all);
            Repetition repetition = child.repetition();
            done++;
            progress.step(
                    "measuring",
                    done,
                    total,
                    String.format(
                            Locale.ROOT,
                            "%s, %s: %.2f s",
                            what,
                            child.side().name().toLowerCase(Locale.ROOT),
                            repetition.seconds()));
            return repetition;
        }

        /** Repetitions that were planned and will not be. */
        void skip(int repetitions) {
            done += repetitions;
        }

        private static void awaitRest(List<EngineProcess> all) {
            Duration before = processorTime(all);
            for (int look = 0; look < MOST_LOOKS; look++) {
                pause();
                Duration now = processorTime(all);
                if (now.minus(before).compareTo(REST) <= 0) {
                    return;
                }
                before = now;
            }
        }

        private static Duration processorTime(List<EngineProcess> all) {
            return all.stream().map(EngineProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
        }

        private static void pause() {
            try {
                // Polls, because the rate of processor time needs an interval.
                new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for its turn", e);
            }
        }
    }

    /**
     * What to compare.
     *
     * @param size of the model
     * @param works in this order
     * @param runs timed repetitions of each side
     * @param warmUps repetitions before, which do not count
     */
    public record ComparisonSettings(Task.Size size, List<Work> works, int runs, int warmUps) {
        /** Timed repetitions of each of the peer's thread settings, of which the faster is kept. */
        static final int TRIALS = 2;

        private static final int MOST = 1000;

        public ComparisonSettings {
            works = List.copyOf(works);
            if (works.isEmpty()) {
                throw new IllegalArgumentException("there is no work to compare: name at least one");
            }
            if (works.stream().distinct().count() < works.size()) {
                throw new IllegalArgumentException("a work is named twice: name each once");
            }
            require("runs", runs);
            require("warmUps", warmUps);
        }

        private static void require(String name, int value) {
            if (value < 1 || value > MOST) {
                throw new IllegalArgumentException(name + " is " + value + ", but must lie in [1, " + MOST + "]");
            }
        }

        /** Repetitions of all works together. */
        int repetitions(int threadSettings) {
            return works.size() * (threadSettings * (warmUps + TRIALS) + warmUps + 2 * runs);
        }
    }
}
