package org.encore.app.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.encore.trainer.finetuning.ShardCluster;
import picocli.CommandLine.Option;

/** Where the shards of a run work: in this process, or on the executors of a cluster. */
final class ClusterOptions {
    /** What to do about an executor whose kernels give other bits. */
    enum Unequal {
        REFUSE,
        TOLERATE
    }

    @Option(
            names = "--cluster",
            paramLabel = "MASTER",
            description =
                    "Run on Apache Spark: local-cluster[executors,cores,MB], spark://host:port, k8s://https://host:port, or"
                            + " submitted, with spark-submit. Results are those of one machine, bit for bit.")
    private String master;

    @Option(
            names = "--cluster-conf",
            paramLabel = "NAME=VALUE",
            description = "A setting of Spark, e.g. spark.executor.memory=8g; may be given several times.")
    private Map<String, String> properties = new LinkedHashMap<>();

    @Option(
            names = "--cluster-unequal",
            paramLabel = "WHAT",
            defaultValue = "refuse",
            description =
                    "Whether to refuse or tolerate executors whose kernels give other bits than those of the driver:"
                            + " ${COMPLETION-CANDIDATES}.")
    private Unequal unequal;

    /**
     * What starts the cluster that the user asked for; empty if none. It throws an {@link IllegalArgumentException} if it cannot.
     *
     * @throws IllegalArgumentException if the options make no sense, or Spark is not there
     */
    Optional<Supplier<ShardCluster>> starter() {
        if (master == null) {
            if (!properties.isEmpty() || unequal == Unequal.TOLERATE) {
                throw new IllegalArgumentException(
                        "--cluster-conf and --cluster-unequal say something of a cluster, but --cluster names none");
            }
            return Optional.empty();
        }
        ShardCluster.Provider provider = ServiceLoader.load(ShardCluster.Provider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--cluster is " + master
                        + ", but Spark is not on the class path: start Encore with ./encore from the sources, or submit its jar"
                        + " with spark-submit (docs/cluster.md)"));
        return Optional.of(
                () -> provider.start(new ShardCluster.Options(master, properties, unequal == Unequal.TOLERATE)));
    }
}
