package org.encore.cluster;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.encore.trainer.finetuning.ShardCluster.Options;

/**
 * The settings that Spark is started with: those of the user, and where the user says nothing those that Encore needs.
 *
 * @param conf all of them
 * @param executors how many are expected; 0 if that is open
 * @param cores of an executor
 */
record SparkSettings(SparkConf conf, int executors, int cores) {
    /** The master is the one that {@code spark-submit} was given. */
    static final String SUBMITTED = "submitted";

    /** Bytes of all gradients of an update up to which they come to the driver one by one. */
    static final String COLLECT_BYTES = "spark.encore.collectBytes";

    /** Bytes of a chunk of weights or gradients. */
    static final String CHUNK_BYTES = "spark.encore.chunkBytes";

    /** Seconds to wait for executors. */
    static final String REGISTRATION_SECONDS = "spark.encore.registrationSeconds";

    private static final long CHUNK = 64L << 20;
    /** Below it, Spark's executors end at their start. */
    private static final long LEAST_MEMORY = 450L << 20;

    private static final int PATIENCE_MS = 5000;
    private static final Pattern LOCAL_CLUSTER =
            Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
    private static final Pattern LOCAL = Pattern.compile("local\\[\\s*(\\d+)\\s*]");
    private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
    private static final Pattern HOST_AND_PORT = Pattern.compile("([^:,]+):(\\d{1,5})");

    /**
     * Settings for what the user asked for.
     *
     * @throws IllegalArgumentException if it cannot be, in one line
     */
    static SparkSettings of(Options options) {
        SparkConf conf = new SparkConf();
        options.properties().forEach((name, value) -> conf.set(named(name), value));
        String master = options.master();
        if (master.equals(SUBMITTED)) {
            if (!conf.contains("spark.master")) {
                throw new IllegalArgumentException("--cluster is " + SUBMITTED
                        + ", but nothing was submitted: start it with spark-submit, or name the master");
            }
            master = conf.get("spark.master");
        }
        conf.setMaster(master);
        conf.setIfMissing("spark.app.name", "encore");
        boolean here = master.startsWith("local");
        int executors = conf.getInt("spark.executor.instances", 0);
        Matcher matcher = LOCAL_CLUSTER.matcher(master);
        if (matcher.matches()) {
            executors = number(matcher.group(1), "executors", master);
            conf.setIfMissing("spark.executor.cores", matcher.group(2));
            conf.setIfMissing("spark.executor.memory", matcher.group(3) + "m");
            requireHome();
        } else if (LOCAL.matcher(master).matches()) {
            executors = 1;
            conf.setIfMissing("spark.executor.cores", LOCAL.matcher(master).replaceFirst("$1"));
        } else if (STANDALONE.matcher(master).matches()) {
            requireAnswers(STANDALONE.matcher(master).replaceFirst("$1"), master);
        } else if (!master.startsWith("k8s://") && !master.equals("yarn")) {
            throw new IllegalArgumentException("--cluster is " + master
                    + ", but must be local-cluster[executors,cores,memory in MB], spark://host:port, k8s://https://host:port"
                    + " or " + SUBMITTED);
        }
        conf.setIfMissing("spark.executor.cores", "1");
        conf.setIfMissing("spark.executor.memory", "2g");
        int cores = number(conf.get("spark.executor.cores"), "spark.executor.cores", master);
        requireMemory(conf, here && executors == 1 && LOCAL.matcher(master).matches());
        // An executor does one task at a time, on all of its cores.
        conf.set("spark.task.cpus", Integer.toString(cores));
        setDefaults(conf, here);
        return new SparkSettings(conf, executors, cores);
    }

    private static String named(String name) {
        if (!name.startsWith("spark.")) {
            throw new IllegalArgumentException(
                    "--cluster-conf names " + name + ", but Spark's settings begin with spark.");
        }
        return name;
    }

    private static void setDefaults(SparkConf conf, boolean here) {
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        // A sum of gradients may be larger than a gigabyte; it comes in chunks.
        conf.setIfMissing("spark.driver.maxResultSize", "0");
        // Weights are random numbers to a compressor.
        conf.setIfMissing("spark.broadcast.compress", "false");
        conf.setIfMissing("spark.shuffle.compress", "false");
        conf.setIfMissing("spark.shuffle.spill.compress", "false");
        // Chunks have a checksum of their own, and come in few blocks.
        conf.setIfMissing("spark.broadcast.checksum", "false");
        conf.setIfMissing("spark.broadcast.blockSize", "16m");
        conf.setIfMissing("spark.rpc.message.maxSize", "512");
        // A lost executor fails its tasks; a task that fails everywhere comes back as an answer and is not tried again.
        conf.setIfMissing("spark.task.maxFailures", "4");
        conf.setIfMissing("spark.network.timeout", "600s");
        // Not as spark.executor.extraJavaOptions: ONNX Runtime ends a process whose command line has 4096 bytes or
        // more.
        conf.setIfMissing("spark.executorEnv.JDK_JAVA_OPTIONS", String.join(" ", flags()));
        for (String name : List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "ENCORE_SHARED")) {
            String value = System.getenv(name);
            if (value != null) {
                conf.setIfMissing("spark.executorEnv." + name, value);
            }
        }
        if (here) {
            if (!conf.contains("spark.executor.extraClassPath")) {
                conf.set("spark.executor.extraClassPath", classPathInAJar().toString());
            }
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        } else if (!conf.contains("spark.jars") && !conf.contains("spark.executor.extraClassPath")) {
            // Without spark-submit nobody else brings Encore to the executors.
            conf.set("spark.jars", String.join(",", ownJars()));
        }
    }

    /** The flags of this process that an executor may be given: not the heap, which is Spark's matter. */
    private static List<String> flags() {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean own = flag.startsWith("-Xmx")
                    || flag.startsWith("-Xms")
                    || flag.startsWith("-Dspark.")
                    || flag.startsWith("-agentlib")
                    || flag.startsWith("-javaagent")
                    || flag.startsWith("-Dencore.stderr")
                    || flag.contains(" ");
            if (!own) {
                flags.add(flag);
            }
        }
        return flags;
    }

    /** A jar that names the class path of this process, for the same reason. */
    private static Path classPathInAJar() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try {
            Path jar = Files.createTempFile("encore-class-path", ".jar");
            jar.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(jar)) {
                new JarOutputStream(out, manifest).close();
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is on the class path beside what Spark has there on every machine. */
    private static List<String> ownJars() {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar") && !entry.matches(".*/(org/apache/(spark|hadoop)|org/scala-lang|io/netty)/.*")) {
                jars.add(entry);
            }
        }
        return jars;
    }

    private static int number(String text, String name, String master) {
        int value;
        try {
            value = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            value = 0;
        }
        if (value < 1) {
            throw new IllegalArgumentException(
                    "--cluster is " + master + " with " + name + " " + text + ", but that must be at least 1");
        }
        return value;
    }

    private static void requireMemory(SparkConf conf, boolean inThisProcess) {
        String said = conf.get("spark.executor.memory");
        long bytes;
        try {
            bytes = JavaUtils.byteStringAsBytes(said);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "spark.executor.memory is " + said + ", but must be a size such as 4g", e);
        }
        if (!inThisProcess && bytes < LEAST_MEMORY) {
            throw new IllegalArgumentException("executors would have " + (bytes >> 20)
                    + " MB of memory, but need " + (LEAST_MEMORY >> 20)
                    + " MB to start and more to hold anything: give them 1024 or more (local-cluster[executors,cores,MB], or"
                    + " --cluster-conf spark.executor.memory=1g)");
        }
    }

    private static void requireHome() {
        if (System.getenv("SPARK_HOME") == null) {
            throw new IllegalArgumentException(
                    "--cluster local-cluster needs the variable SPARK_HOME, which the launcher sets: start Encore with ./encore");
        }
    }

    /** One of the masters must answer: Spark would try for a minute, and then say something else. */
    private static void requireAnswers(String hosts, String master) {
        List<String> failures = new ArrayList<>();
        for (String each : hosts.split(",", -1)) {
            Matcher address = HOST_AND_PORT.matcher(each);
            if (!address.matches()) {
                throw new IllegalArgumentException("--cluster is " + master + ", but must be spark://host:port");
            }
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(address.group(1), Integer.parseInt(address.group(2))), PATIENCE_MS);
                return;
            } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
                failures.add(each + ": " + e.getMessage());
            }
        }
        throw new IllegalArgumentException("no master of Spark answers at " + master + " ("
                + String.join("; ", failures) + "): start one (docs/cluster.md), or correct the address");
    }

    long collectBytes() {
        return bytes(COLLECT_BYTES);
    }

    /** Elements of a chunk, at most those of 64 MB. */
    int chunkElements() {
        return (int) (Math.max(4, Math.min(bytes(CHUNK_BYTES), CHUNK)) / Float.BYTES);
    }

    private long bytes(String name) {
        return conf.getSizeAsBytes(name, Long.toString(CHUNK));
    }

    int registrationSeconds() {
        return conf.getInt(REGISTRATION_SECONDS, 120);
    }

    /** Neighbouring shards of a task: as many as an executor has cores, if that divides their number. */
    int shardsPerTask(int shards) {
        int count = Math.min(cores, shards);
        while (shards % count != 0) {
            count--;
        }
        return count;
    }
}
