package org.encore.base.files;

import java.nio.file.Path;

/** A file that cannot be used: one line with its name and the reason. */
public final class InvalidFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final String problem;

    /**
     * Creates the exception with the message {@code <file>: <problem>}.
     *
     * @param file the file, or a name in place of one
     * @param problem what is wrong, what is allowed and what to do; line breaks become spaces
     */
    public InvalidFileException(Path file, String problem) {
        this(file, problem, null);
    }

    /** Creates the exception with the message {@code <file>: <problem>} and a cause. */
    public InvalidFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + oneLine(problem), cause);
        this.file = file;
        this.problem = oneLine(problem);
    }

    /** The file that cannot be used. */
    public Path file() {
        return file;
    }

    /** What is wrong with it, without its name. */
    public String problem() {
        return problem;
    }

    /** Notes of the JSON parser on itself, which end some of its messages, tell a user nothing. */
    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ")
                .replaceAll(
                        " \\([^()]*\\[Source: .*?\\]\\)|, from `StreamReadConstraints[^`]*`"
                                + "| \\(bound as `[^`]*`\\): not allowed as per `[^`]*`",
                        "")
                .strip();
    }
}
