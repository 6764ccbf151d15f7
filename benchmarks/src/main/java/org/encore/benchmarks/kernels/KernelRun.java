package org.encore.benchmarks.kernels;

import java.io.PrintStream;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.encore.benchmarks.MissingLibraryException;
import org.encore.benchmarks.kernels.KernelRun.KernelTimings.KernelTiming;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Entry point that also works without JMH. */
public final class KernelRun {
    private KernelRun() {}

    /**
     * Times every kernel whose name matches, each in a JVM of its own; about ten seconds for each kernel and kind.
     *
     * @param filter a regular expression that is looked for in the kernels' names
     * @param log receives progress and remaining time
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

    /** Runs JMH over the kernels; loaded only where JMH is. */
    public static final class KernelTimings {
        private static final String ALL = "org\\.encore\\.benchmarks\\.kernels\\..*";

        private KernelTimings() {}

        static List<KernelTiming> measure(String filter, PrintStream log) {
            Options options = new OptionsBuilder()
                    .include(ALL + "\\.[^.]*(" + filter + ")[^.]*$")
                    .shouldFailOnError(true)
                    .build();
            try {
                return new Runner(options, OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
                        .run().stream().map(KernelTimings::timing).toList();
            } catch (RunnerException e) {
                throw new IllegalArgumentException(
                        e.getMessage() == null
                                ? "no kernel's name contains a match of " + filter
                                : "no kernel was timed: " + e.getMessage(),
                        e);
            }
        }

        private static KernelTiming timing(RunResult run) {
            String name = run.getParams().getBenchmark();
            Result<?> result = run.getPrimaryResult();
            return new KernelTiming(
                    name.substring(name.lastIndexOf('.') + 1),
                    run.getParams().getParam("kind"),
                    result.getScore(),
                    result.getScoreError());
        }

        /**
         * One kernel of one kind.
         *
         * @param kernel name of the operation
         * @param kind name of the kernels' provider
         * @param microseconds mean time of a call on one thread
         * @param uncertainty half the width of the mean's 99.9 % confidence interval, in microseconds; NaN of a single
         *     iteration
         */
        public record KernelTiming(String kernel, String kind, double microseconds, double uncertainty) {}
    }
}
