package org.encore.benchmarks.kernels;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.benchmarks.engines.Task;
import org.encore.benchmarks.engines.Work;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.KernelsProvider;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Kernels of a kind, and operands for them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public abstract class KernelBench {
    private static final Task TRAIN = new Task(Task.Size.REFERENCE, Work.TRAIN);
    static final DecoderConfig DECODER = Task.Size.REFERENCE.model().decoder();
    static final int BATCH = TRAIN.sequences() / 2;
    static final int STEPS = TRAIN.steps();
    static final int ROWS = BATCH * STEPS;
    static final int WIDTH = DECODER.width();

    /** Name of the kernels' provider; both are timed. */
    @Param({"simd", "portable"})
    public String kind;

    private final RandomGenerator random = new RandomStreams(1).stream(Purpose.NOISE);
    private Kernels kernels;

    /** Opens the kernels, then makes the operands. */
    @Setup(Level.Trial)
    public final void open() {
        List<KernelsProvider> named = ServiceLoader.load(KernelsProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(each -> each.name().equals(kind))
                .toList();
        if (named.isEmpty()) {
            throw new IllegalArgumentException("there are no kernels called " + kind);
        }
        kernels = named.get(0).open(Precision.SINGLE);
        allocate();
    }

    /** Frees all. */
    @TearDown(Level.Trial)
    public final void close() {
        kernels.close();
    }

    /** Makes the operands. */
    abstract void allocate();

    final Kernels kernels() {
        return kernels;
    }

    /** A matrix of standard normal numbers. */
    final Tensor gaussian(int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Tensor tensor = kernels.allocate(rows, columns);
        kernels.write(tensor, values);
        return tensor;
    }

    final int[] codes() {
        return random.ints(ROWS, 0, DECODER.vocabulary()).toArray();
    }
}
