package org.encore.benchmarks.kernels;

import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs JMH over the kernels; loaded only where JMH is. */
public final class KernelTimings {
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
            throw new IllegalArgumentException("no kernel was timed: " + e.getMessage(), e);
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
     * @param uncertainty half the width of the mean's 99.9 % confidence interval, in microseconds; NaN of a single iteration
     */
    public record KernelTiming(String kernel, String kind, double microseconds, double uncertainty) {}
}
