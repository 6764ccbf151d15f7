package org.encore.benchmarks.children;

import java.util.Map;
import org.encore.benchmarks.engines.EncoreEngine;
import org.encore.benchmarks.engines.Engine;
import org.encore.benchmarks.engines.LibTorchEngine;
import org.encore.benchmarks.engines.Work;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;

/** Which engine a child runs. */
public enum EngineKind {
    /** Ours: one single-threaded shard a core. */
    ENCORE {
        @Override
        Engine open(Work work, int threads) {
            return new EncoreEngine(
                    Work.referenceDecoder(), work.room(), threads, KernelChoice.best(Precision.SINGLE)::open);
        }

        @Override
        Map<String, String> environment(int threads) {
            return Map.of("OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1");
        }
    },
    /** The peer: one process whose operations use several threads each. */
    LIBTORCH {
        @Override
        Engine open(Work work, int threads) {
            return new LibTorchEngine(Work.referenceDecoder());
        }

        @Override
        Map<String, String> environment(int threads) {
            String count = Integer.toString(threads);
            return Map.of("OMP_NUM_THREADS", count, "MKL_NUM_THREADS", count);
        }
    };

    /** Opens the engine in this process. */
    abstract Engine open(Work work, int threads);

    /** What the process needs to be started with. */
    abstract Map<String, String> environment(int threads);
}
