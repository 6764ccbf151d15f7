package org.encore.app;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * One call of the command line.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
public record Invocation(int status, String out, String err) {
    private static final int MOST_SECONDS = 120;

    /** Calls in this JVM; a training without the checks before it, which take longer than most trainings of tests. */
    public static Invocation here(String... arguments) {
        return asTyped(quick(arguments));
    }

    private static String[] quick(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        if (!words.isEmpty() && words.get(0).equals("train")) {
            words.add(1, "--no-preflight");
        }
        return words.toArray(String[]::new);
    }

    /** Calls in this JVM, with nothing added. */
    public static Invocation asTyped(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Encore.commandLine();
        int status =
                line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        return new Invocation(status, out.toString(), err.toString());
    }

    /** Calls in a JVM of its own, from a working directory; what it prints goes to files there until it ends. */
    public static Invocation inChild(Path workingDirectory, String... arguments)
            throws IOException, InterruptedException {
        Process child = start(workingDirectory, arguments);
        if (!child.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            child.destroyForcibly().waitFor();
            throw new IllegalStateException("no end after " + MOST_SECONDS + " s: " + List.of(arguments));
        }
        return ended(child, workingDirectory);
    }

    /** Starts a JVM with the flags of this one. */
    public static Process start(Path workingDirectory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("-D") || flag.startsWith("-XX") || flag.startsWith("--add-"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx512m", "-Dencore.home=" + home()));
        command.addAll(List.of("-cp", classPath(), Encore.class.getName()));
        command.addAll(List.of(quick(arguments)));
        ProcessBuilder builder = new ProcessBuilder(command).directory(workingDirectory.toFile());
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.redirectOutput(out(workingDirectory)).redirectError(err(workingDirectory));
        return builder.start();
    }

    /** The first line on standard output of a JVM that goes on; it is there in full when its end is. */
    public static String firstLine(Process child, Path workingDirectory) throws IOException, InterruptedException {
        for (int i = 0; i < 20 * MOST_SECONDS && !child.waitFor(50, TimeUnit.MILLISECONDS); i++) {
            String text = Files.readString(out(workingDirectory).toPath());
            if (text.endsWith("\n")) {
                return text;
            }
        }
        throw new IllegalStateException(
                "no line: " + Files.readString(err(workingDirectory).toPath()));
    }

    /** What a JVM that has ended left. */
    public static Invocation ended(Process child, Path workingDirectory) throws IOException {
        return new Invocation(
                child.exitValue(),
                Files.readString(out(workingDirectory).toPath()),
                Files.readString(err(workingDirectory).toPath()));
    }

    /** The directory of the launcher, as seen from the module that is tested. */
    public static Path home() {
        return Path.of("..").toAbsolutePath().normalize();
    }

    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    private static File out(Path workingDirectory) {
        return workingDirectory.resolve("stdout.txt").toFile();
    }

    private static File err(Path workingDirectory) {
        return workingDirectory.resolve("stderr.txt").toFile();
    }
}
