package org.encore.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --json} of a command that reports, and the report itself: one JSON line, or text for people. */
public final class Results {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--json",
            description = "Print the result as one line of JSON on standard output.",
            defaultValue = "false",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean json;

    /**
     * Prints the result of the command.
     *
     * @param facts what a program reads; keys in the order of the map
     * @param text what a person reads, without a line feed at its end
     */
    public void print(Map<String, ?> facts, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? line(facts) : text);
        out.flush();
    }

    /** Prints a remark for people on standard error. */
    public void remark(String text) {
        PrintWriter err = command.commandLine().getErr();
        err.println(text);
        err.flush();
    }

    private static String line(Map<String, ?> facts) {
        try {
            return JSON.writeValueAsString(facts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result cannot be written as JSON: " + facts, e);
        }
    }
}
