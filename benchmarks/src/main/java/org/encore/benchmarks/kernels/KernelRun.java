package org.encore.benchmarks.kernels;

import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.kernels.KernelTimings.KernelTiming;

/** The way in for those who may not have JMH. */
public final class KernelRun {
    private KernelRun() {}

    /**
     * Times every kernel whose name matches, each in a JVM of its own; about ten seconds for each kernel and kind.
     *
     * @param filter a regular expression that is looked for in the kernels' names
     * @param log hears how far it has come, and how long it will take
     * @throws IllegalArgumentException if the filter is none, or matches nothing
     * @throws MissingLibraryException if JMH is not on the class path
     */
    public static List<KernelTiming> measure(String filter, PrintStream log) {
        try {
            Pattern.compile(filter);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("no regular expression: " + filter + " (" + e.getDescription() + ")", e);
        }
        try {
            Class.forName("org.openjdk.jmh.runner.Runner");
        } catch (ClassNotFoundException e) {
            throw new MissingLibraryException("JMH", "./encore bench kernels");
        }
        return KernelTimings.measure(filter, log);
    }
}
