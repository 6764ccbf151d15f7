package org.encore.app.terminal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.encore.base.files.InvalidFileException;
import org.encore.rewards.RewardFailure;

/** What the program's exit status says, and the one line that explains it. */
public final class ExitStatus {
    /** The command did what it was asked to do. */
    public static final int OK = 0;
    /** A check failed or a run diverged; also an error of Encore itself, which then shows its trace. */
    public static final int FAILED = 1;
    /** An argument, a setting or a file is not as it must be. */
    public static final int BAD_INPUT = 2;

    private ExitStatus() {}

    /** Tells the status that belongs to an exception which ended a command. */
    public static int of(Throwable thrown) {
        boolean input = thrown instanceof IllegalArgumentException
                || thrown instanceof InvalidFileException
                || thrown instanceof IOException;
        return input ? BAD_INPUT : FAILED;
    }

    /** Whether the exception is an expected one, which a line explains better than a trace. */
    public static boolean isExplained(Throwable thrown) {
        return thrown instanceof CommandFailedException || thrown instanceof RewardFailure || of(thrown) == BAD_INPUT;
    }

    /** Says in one line what went wrong. */
    public static String explanation(Throwable thrown) {
        String said = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        String line =
                said.lines().map(String::strip).filter(each -> !each.isEmpty()).reduce("", ExitStatus::joined);
        if (thrown instanceof FileSystemException problem && problem.getReason() == null) {
            return problem.getFile() + ": " + reason(problem);
        }
        return line;
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
}
