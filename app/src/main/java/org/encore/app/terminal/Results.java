package org.encore.app.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the result of a command: text, or one line of JSON with {@code --json}. */
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
     * @param facts the result for programs; keys in the order of the map
     * @param text the result as text, without a line feed at its end
     */
    public void print(Map<String, ?> facts, String text) {
        PrintWriter out = command.commandLine().getOut();
        out.println(json ? line(facts) : text);
        out.flush();
    }

    /** Prints a note on standard error. */
    public void note(String text) {
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
