package org.encore.benchmarks.comparison;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the figures were measured on.
 *
 * @param processor model of the processor, as the system names it
 * @param cores processors that the JVM may use
 * @param memoryBytes physical memory
 * @param system operating system
 * @param java version and vendor
 * @param loadBefore load of the machine over the last minute before the start; negative where the system does not say
 */
public record MachineFacts(
        String processor, int cores, long memoryBytes, String system, String java, double loadBefore) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /** Looks at this machine. */
    public static MachineFacts look() throws IOException {
        com.sun.management.OperatingSystemMXBean system =
                (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new MachineFacts(
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor"),
                system.getSystemLoadAverage());
    }

    private static String processorModel() throws IOException {
        if (!Files.exists(PROCESSORS)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(PROCESSORS).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processor", processor);
        facts.put("cores", cores);
        facts.put("memory_bytes", memoryBytes);
        facts.put("system", system);
        facts.put("java", java);
        facts.put("load_before", loadBefore < 0 ? null : loadBefore);
        return facts;
    }
}
