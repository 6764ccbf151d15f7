package org.encore.benchmarks.codec;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.codec.CodecChild.Request;
import org.encore.benchmarks.codec.CodecChild.Request.Kind;
import org.encore.benchmarks.codec.CodecComparison.CodecReport.Timing;
import org.encore.benchmarks.comparison.ComparisonReport.MachineFacts;
import org.encore.benchmarks.engines.LibTorchEngine;
import org.encore.run.Progress;

/**
 * Times decoding and encoding of a clip by Encore and LibTorch in turn, each in a process of its own: Encore with one shard a
 * core, LibTorch with the better of one thread and a thread a core.
 */
public final class CodecComparison {
    private static final int CHECKED_FRAMES = 50;
    /** Largest difference of samples, as a share of the loudest: recurrent weights of Encore's decoder have 16 bits. */
    private static final double SOUND_TOLERANCE = 1e-3;
    /** Share of codes that must agree: residuals between two nearly equally near rows are decided by rounding. */
    private static final double AGREEING_CODES = 0.99;

    private static final int PRODUCT_TRIALS = 5;
    private static final int REST_LOOK_MILLIS = 200;
    private static final int MOST_LOOKS = 25;
    private static final Duration REST = Duration.ofMillis(20);

    private final CodecSettings settings;
    private final Progress progress;
    private final ReferenceCodec reference = new ReferenceCodec();
    private final List<CodecProcess> all = new ArrayList<>();
    private int done;

    /**
     * What to measure.
     *
     * @param seconds length of the clip
     * @param runs timed repetitions of each side
     * @param warmUps repetitions before, which do not count
     */
    public record CodecSettings(int seconds, int runs, int warmUps) {
        public CodecSettings {
            require("seconds", seconds, 600);
            require("runs", runs, 1000);
            require("warmUps", warmUps, 1000);
        }

        private static void require(String name, int value, int most) {
            if (value < 1 || value > most) {
                throw new IllegalArgumentException(name + " is " + value + ", but must lie in [1, " + most + "]");
            }
        }
    }

    /**
     * Plans.
     *
     * @throws MissingLibraryException if LibTorch is not on the class path
     */
    public CodecComparison(CodecSettings settings, Progress progress) {
        if (!LibTorchEngine.isPresent()) {
            throw new MissingLibraryException("LibTorch", "./encore bench encodec");
        }
        this.settings = settings;
        this.progress = progress;
    }

    private int frames() {
        return (int) Math.round(settings.seconds() * reference.config().framesPerSecond());
    }

    /** Measures everything; fails if the two sides do not compute the same. */
    public CodecReport run() throws IOException {
        MachineFacts machine = MachineFacts.look();
        int cores = Runtime.getRuntime().availableProcessors();
        try {
            CodecProcess encore = open(Request.ENCORE, cores);
            List<CodecProcess> peers = new ArrayList<>(List.of(open(Request.LIBTORCH, cores)));
            if (cores > 1) {
                peers.add(open(Request.LIBTORCH, 1));
            }
            requireAgreement(encore, peers.get(0));
            double encoreRate = productRate(encore);
            double peerRate = productRate(peers.get(0));
            List<Timing> timings = new ArrayList<>();
            for (CodecSide.Work work : CodecSide.Work.values()) {
                timings.add(time(work, encore, peers));
            }
            return new CodecReport(
                    machine,
                    encore.description(),
                    peers.get(0).description(),
                    settings.seconds(),
                    encoreRate,
                    peerRate,
                    encore.numbers(Kind.PEAK_MEMORY, 0)[0],
                    peers.get(0).numbers(Kind.PEAK_MEMORY, 0)[0],
                    timings);
        } finally {
            for (CodecProcess child : all) {
                child.close();
            }
        }
    }

    private CodecProcess open(String side, int threads) throws IOException {
        CodecProcess child = new CodecProcess(side, threads);
        all.add(child);
        return child;
    }

    private static void requireAgreement(CodecProcess encore, CodecProcess peer) throws IOException {
        double[] mine = encore.numbers(Kind.SOUND, CHECKED_FRAMES);
        double[] its = peer.numbers(Kind.SOUND, CHECKED_FRAMES);
        double loudest = Arrays.stream(its).map(Math::abs).max().orElse(0);
        double worst = mine.length == its.length ? 0 : Double.NaN;
        for (int i = 0; i < Math.min(mine.length, its.length); i++) {
            worst = Math.max(worst, Math.abs(mine[i] - its[i]));
        }
        // Written so that NaN fails.
        if (!(worst <= SOUND_TOLERANCE * loudest)) {
            throw new CodecFailedException(String.format(
                    Locale.ROOT,
                    "the two sides do not compute the same: samples differ by up to %.2e of at most %.2e; their speed was"
                            + " not compared",
                    worst,
                    loudest));
        }
        double[] myCodes = encore.numbers(Kind.CODES, CHECKED_FRAMES);
        double[] itsCodes = peer.numbers(Kind.CODES, CHECKED_FRAMES);
        int equal = 0;
        for (int i = 0; i < Math.min(myCodes.length, itsCodes.length); i++) {
            equal += myCodes[i] == itsCodes[i] ? 1 : 0;
        }
        if (equal < AGREEING_CODES * Math.max(myCodes.length, itsCodes.length)) {
            throw new CodecFailedException("the two sides do not compute the same: of " + itsCodes.length
                    + " codes only " + equal + " agree; their speed was not compared");
        }
    }

    private static double productRate(CodecProcess child) throws IOException {
        double best = 0;
        for (int i = 0; i < PRODUCT_TRIALS; i++) {
            best = Math.max(best, child.numbers(Kind.PRODUCT_RATE, 0)[0]);
        }
        return best;
    }

    private Timing time(CodecSide.Work work, CodecProcess encore, List<CodecProcess> peers) throws IOException {
        CodecProcess peer = peers.get(0);
        double best = Double.POSITIVE_INFINITY;
        for (CodecProcess each : peers) {
            for (int i = 0; i < settings.warmUps(); i++) {
                double seconds = take(work, each);
                if (i == settings.warmUps() - 1 && seconds < best) {
                    best = seconds;
                    peer = each;
                }
            }
        }
        for (int i = 0; i < settings.warmUps(); i++) {
            take(work, encore);
        }
        double[] mine = new double[settings.runs()];
        double[] its = new double[settings.runs()];
        for (int run = 0; run < settings.runs(); run++) {
            its[run] = take(work, peer);
            mine[run] = take(work, encore);
        }
        return new Timing(work, reference.operations(work, frames()), mine, its, peer.threads());
    }

    private double take(CodecSide.Work work, CodecProcess child) throws IOException {
        awaitRest();
        Kind kind = work == CodecSide.Work.DECODE ? Kind.DECODE : Kind.ENCODE;
        double seconds = child.numbers(kind, frames())[0];
        int sides = all.size();
        int total = CodecSide.Work.values().length * (sides * settings.warmUps() + 2 * settings.runs());
        progress.step(
                "measuring",
                ++done,
                total,
                String.format(
                        Locale.ROOT, "%s, %s: %.2f s", work.name().toLowerCase(Locale.ROOT), child.side(), seconds));
        return seconds;
    }

    /** Threads that wait busily, compilers and collectors go on after an answer. */
    private void awaitRest() {
        Duration before = processorTime();
        for (int look = 0; look < MOST_LOOKS; look++) {
            try {
                new CountDownLatch(1).await(REST_LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for its turn", e);
            }
            Duration now = processorTime();
            if (now.minus(before).compareTo(REST) <= 0) {
                return;
            }
            before = now;
        }
    }

    private Duration processorTime() {
        return all.stream().map(CodecProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    /** A child failed, or the two sides do not compute the same. */
    public static final class CodecFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CodecFailedException(String message) {
            super(message);
        }
    }

    /**
     * Everything measured.
     *
     * @param machine what it ran on
     * @param encore description of our side
     * @param libtorch description of the peer
     * @param seconds length of the clip
     * @param encoreProductRate operations a second of large products on all cores, by the library that Encore multiplies with
     * @param libtorchProductRate the same by the peer's
     * @param encorePeakBytes the most physical memory of Encore's process
     * @param libtorchPeakBytes the most physical memory of the peer's process of a thread a core
     * @param timings the results
     */
    public record CodecReport(
            MachineFacts machine,
            String encore,
            String libtorch,
            int seconds,
            double encoreProductRate,
            double libtorchProductRate,
            double encorePeakBytes,
            double libtorchPeakBytes,
            List<Timing> timings) {
        /**
         * Both sides on one piece of work.
         *
         * @param work what was timed
         * @param operations multiplications and additions of its products
         * @param encore seconds of Encore's repetitions
         * @param libtorch seconds of the peer's
         * @param libtorchThreads the better of its settings
         */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        public record Timing(
                CodecSide.Work work, double operations, double[] encore, double[] libtorch, int libtorchThreads) {
            public double encoreSeconds() {
                return StatUtils.percentile(encore, 50.0);
            }

            public double libtorchSeconds() {
                return StatUtils.percentile(libtorch, 50.0);
            }

            /** Above 1 Encore is faster. */
            public double speedRatio() {
                return libtorchSeconds() / encoreSeconds();
            }
        }

        /** Rate of large products on this machine: the better of the two. */
        public double productRate() {
            return Math.max(encoreProductRate, libtorchProductRate);
        }

        /** Share of the product rate. */
        public double share(Timing timing, double medianSeconds) {
            return timing.operations() / medianSeconds / productRate();
        }

        /** The report as it is written to a file. */
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("machine", machine);
            facts.put("encore", encore);
            facts.put("libtorch", libtorch);
            facts.put("clip_seconds", seconds);
            facts.put("encore_product_operations_per_second", encoreProductRate);
            facts.put("libtorch_product_operations_per_second", libtorchProductRate);
            facts.put("encore_peak_resident_bytes", encorePeakBytes);
            facts.put("libtorch_peak_resident_bytes", libtorchPeakBytes);
            List<Map<String, Object>> works = new ArrayList<>();
            for (Timing timing : timings) {
                Map<String, Object> work = new LinkedHashMap<>();
                work.put("work", timing.work().name().toLowerCase(Locale.ROOT));
                work.put("product_operations", timing.operations());
                work.put("speed_ratio", timing.speedRatio());
                work.put("encore_seconds", timing.encore());
                work.put("encore_times_real_time", seconds / timing.encoreSeconds());
                work.put("encore_share_of_product_rate", share(timing, timing.encoreSeconds()));
                work.put("libtorch_seconds", timing.libtorch());
                work.put("libtorch_threads", timing.libtorchThreads());
                work.put("libtorch_times_real_time", seconds / timing.libtorchSeconds());
                work.put("libtorch_share_of_product_rate", share(timing, timing.libtorchSeconds()));
                works.add(work);
            }
            facts.put("works", works);
            return facts;
        }
    }
}
