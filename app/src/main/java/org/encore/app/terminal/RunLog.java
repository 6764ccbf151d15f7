package org.encore.app.terminal;

import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.PatternLayout;

/** The file {@code run.log} of a run: all log messages between its opening and its closing, with stack traces. */
public final class RunLog implements AutoCloseable {
    /** The file's name inside the run directory. */
    public static final String NAME = "run.log";

    private final LoggerContext context;
    private final FileAppender appender;

    private RunLog(LoggerContext context, FileAppender appender) {
        this.context = context;
        this.appender = appender;
    }

    /**
     * Logs to {@code <directory>/run.log} from now on; appends to an existing file.
     *
     * @param directory an existing run directory
     * @return the open log; it may stay open until the JVM ends, to keep the stack trace of a failure
     */
    public static RunLog open(Path directory) {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Configuration configuration = context.getConfiguration();
        Path file = directory.resolve(NAME);
        FileAppender appender = FileAppender.newBuilder()
                .setName(file.toString())
                .withFileName(file.toString())
                .withAppend(true)
                .setConfiguration(configuration)
                .setLayout(PatternLayout.newBuilder()
                        .withConfiguration(configuration)
                        .withPattern("%d{yyyy-MM-dd'T'HH:mm:ssXXX} %level [%t] %c: %msg%n%ex")
                        .build())
                .build();
        appender.start();
        configuration.getRootLogger().addAppender(appender, null, null);
        context.updateLoggers();
        return new RunLog(context, appender);
    }

    @Override
    public void close() {
        context.getConfiguration().getRootLogger().removeAppender(appender.getName());
        context.updateLoggers();
        appender.stop();
    }
}
