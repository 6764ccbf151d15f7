package org.encore.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.encore.model.learning.LearnerFiles.Origin;
import org.encore.run.Progress;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.finetuning.ShardCluster;
import org.encore.trainer.finetuning.ShardCluster.Options;
import org.encore.trainer.finetuning.ShardCluster.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a cluster is said in one line, which names it. */
class ClusterFailuresTest {
    @TempDir
    private Path directory;

    private static String refusal(String master, Map<String, String> properties) {
        String said = assertThrows(IllegalArgumentException.class, () -> new SparkProvider()
                        .start(new Options(master, properties, false)))
                .getMessage();
        assertEquals(1, said.lines().count(), said);
        return said;
    }

    private static String refusal(String master) {
        return refusal(master, Map.of());
    }

    @Test
    void aWrongMasterIsRefused() throws IOException {
        assertTrue(refusal("sparky://host").contains("must be local-cluster[executors,cores,memory in MB]"));
        assertTrue(refusal("spark://host").contains("must be spark://host:port"));
        assertTrue(refusal("local-cluster[0,1,1024]").contains("executors 0, but that must be at least 1"));
        assertTrue(refusal(SparkSettings.SUBMITTED).contains("start it with spark-submit"));
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        String nobody = refusal("spark://127.0.0.1:" + free);
        assertTrue(nobody.contains("no master of Spark answers") && nobody.contains("refused"), nobody);
        assertTrue(refusal("local[1]", Map.of("executor.memory", "1g")).contains("begin with spark."));
    }

    @Test
    void executorsWithoutMemoryAreRefused() {
        String said = refusal("local-cluster[2,1,64]");
        assertTrue(said.contains("64 MB of memory, but need 450 MB"), said);
        said = refusal("local-cluster[2,1,64]", Map.of("spark.executor.memory", "plenty"));
        assertTrue(said.contains("is plenty, but must be a size such as 4g"), said);
    }

    /** With an executor that is this process, which goes the same ways. */
    private static String opening(Session session, boolean tolerant) {
        try (ShardCluster cluster = new SparkProvider().start(new Options("local[1]", Map.of(), tolerant))) {
            cluster.open(session, Progress.none());
            return "";
        } catch (IllegalArgumentException e) {
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            return e.getMessage();
        }
    }

    @Test
    void aFileThatAnExecutorLacksIsNamedWithIt() {
        Session session =
                new Session(FineTuneSettings.defaults(), directory.resolve("nowhere"), "0", 2, "probe", "kernels");
        String said = opening(session, false);
        assertTrue(said.startsWith("executor driver on "), said);
        assertTrue(said.contains("nowhere: is missing here; every machine of the cluster needs the checkpoint"), said);
    }

    @Test
    void unequalKernelsAreRefusedUnlessTolerated() throws IOException {
        Path base = Path.of("../checkpoints/etudes-small").toAbsolutePath().normalize();
        Session session = new Session(
                FineTuneSettings.defaults(), base, Origin.of(base).sha256(), 2, "of other kernels", "other kernels");
        String said = opening(session, false);
        assertTrue(said.startsWith("executor driver on ") && said.contains("give other bits"), said);
        assertTrue(said.contains("--cluster-unequal tolerate"), said);
        assertEquals("", opening(session, true));
    }

    /** A java that cannot run Encore, as an old one says it. */
    @Test
    void aJavaThatDoesNotFitIsSaid() throws IOException {
        Path java = Files.createDirectories(directory.resolve("bin")).resolve("java");
        Files.writeString(
                java,
                "#!/bin/sh\necho 'Error: A JNI error has occurred, UnsupportedClassVersionError: 61.0' >&2\nexit 1\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> properties = Map.of("spark.executorEnv.JAVA_HOME", directory.toString());
        Session session = new Session(FineTuneSettings.defaults(), directory, "0", 2, "probe", "kernels");
        try (ShardCluster cluster =
                new SparkProvider().start(new Options("local-cluster[1,1,1024]", properties, false))) {
            String said = assertThrows(IllegalArgumentException.class, () -> cluster.open(session, Progress.none()))
                    .getMessage();
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.contains("no executor has started at local-cluster[1,1,1024]"), said);
            assertTrue(said.contains("UnsupportedClassVersionError"), said);
            assertTrue(said.contains("the Java of this process"), said);
        }
    }
}
