package org.encore.app.terminal;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what ends a command early into one line on standard error and an exit status. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Logger LOGGER = LogManager.getLogger(Failures.class);

    private final BooleanSupplier showsTraces;

    /**
     * Creates the handler.
     *
     * @param showsTraces asked at a failure: whether its trace is wanted even where a line explains it
     */
    public Failures(BooleanSupplier showsTraces) {
        this.showsTraces = showsTraces;
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        // At level info it reaches the log of the run and not the terminal.
        LOGGER.info("stopped", thrown);
        PrintWriter err = command.getErr();
        err.println("encore: " + ExitStatus.explanation(thrown));
        if (!ExitStatus.isExplained(thrown) || showsTraces.getAsBoolean()) {
            thrown.printStackTrace(err);
        }
        err.flush();
        return ExitStatus.of(thrown);
    }

    @Override
    public int handleParseException(ParameterException thrown, String[] arguments) {
        CommandLine command = thrown.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        err.println("encore: " + withStop(ExitStatus.explanation(thrown)) + suggestion(thrown) + " See: " + name
                + " --help");
        err.flush();
        return ExitStatus.BAD_INPUT;
    }

    private static String suggestion(ParameterException thrown) {
        return thrown instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? " Did you mean " + unmatched.getSuggestions().get(0) + "?"
                : "";
    }

    private static String withStop(String sentence) {
        return sentence.matches(".*[.!?]") ? sentence : sentence + ".";
    }
}
