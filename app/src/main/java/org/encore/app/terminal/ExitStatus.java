package org.encore.app.terminal;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.function.BooleanSupplier;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardFailure;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The exit status of the program, and the one line that explains a failure. */
public final class ExitStatus {
    /** Success. */
    public static final int OK = 0;
    /** A check failed or a run diverged; also an internal error, with its stack trace. */
    public static final int FAILED = 1;
    /** An argument, a setting or a file is invalid. */
    public static final int BAD_INPUT = 2;

    private static final int MOST_CHARACTERS = 900;

    private ExitStatus() {}

    /** The status for an exception that ended a command. */
    public static int of(Throwable thrown) {
        if (thrown instanceof InterruptedRunException interrupted) {
            return interrupted.status;
        }
        boolean input = thrown instanceof IllegalArgumentException
                || thrown instanceof InvalidFileException
                || thrown instanceof IOException;
        return input ? BAD_INPUT : FAILED;
    }

    /** Whether the exception is an expected one, shown as one line without a stack trace. */
    public static boolean isExplained(Throwable thrown) {
        return thrown instanceof CommandFailedException
                || thrown instanceof InterruptedRunException
                || thrown instanceof RewardFailure
                || of(thrown) == BAD_INPUT;
    }

    /** The failure in one line. */
    public static String explanation(Throwable thrown) {
        String said = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        String line =
                said.lines().map(String::strip).filter(each -> !each.isEmpty()).reduce("", ExitStatus::joined);
        if (thrown instanceof FileSystemException problem && problem.getReason() == null) {
            return problem.getFile() + ": " + reason(problem);
        }
        return shortened(line);
    }

    /** A damaged file may hold a value of any length: its middle is left out, what must be and what to do stays. */
    private static String shortened(String line) {
        return line.length() <= MOST_CHARACTERS
                ? line
                : line.substring(0, MOST_CHARACTERS * 2 / 3) + " … "
                        + line.substring(line.length() - MOST_CHARACTERS / 3);
    }

    private static String joined(String first, String second) {
        return first.isEmpty() ? second : first + " " + second;
    }

    private static String reason(FileSystemException problem) {
        if (problem instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (problem instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (problem instanceof FileAlreadyExistsException) {
            return "exists already";
        }
        if (problem instanceof NotDirectoryException) {
            return "is not a directory";
        }
        if (problem instanceof DirectoryNotEmptyException) {
            return "is not empty";
        }
        return "cannot be read or written";
    }

    /** A failed check or a diverged run: exit status 1 and one line, no stack trace. */
    public static final class CommandFailedException extends RuntimeException {
        /** Creates the exception with the line for the user: what happened, the values, what to do. */
        public CommandFailedException(String message) {
            super(message);
        }

        /** Creates the exception with the line for the user and its cause. */
        public CommandFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A run that saved its state and stopped, because a signal asked for it. */
    public static final class InterruptedRunException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int status;

        /**
         * Creates the exception.
         *
         * @param message the line for the user: what is saved, and how to go on
         * @param status 128 and the number of the signal, as a shell has it
         */
        public InterruptedRunException(String message, int status) {
            super(message);
            this.status = status;
        }
    }

    /** Turns an exception into one line on standard error and an exit status. */
    public static final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
        private static final Logger LOGGER = LogManager.getLogger(Failures.class);

        private final BooleanSupplier showsTraces;

        /**
         * Creates the handler.
         *
         * @param showsTraces whether to show stack traces of expected failures, too
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
}
