package org.encore.app.commands;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.runs.MemoryNeed;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.model.memory.MemoryPlan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows and checks configurations without running them. */
@Command(name = "config", description = "Shows and checks configurations without running them.")
public final class ConfigCommand implements Runnable {
    private final Map<String, Class<? extends Record>> types;

    @Spec
    private CommandSpec command;

    /**
     * Creates the command.
     *
     * @param types the record that each command reads, by the name of the command; as {@code --for} has it
     */
    public ConfigCommand(Map<String, Class<? extends Record>> types) {
        this.types = new LinkedHashMap<>(types);
    }

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "Missing required subcommand: show or check");
    }

    @Command(name = "show", description = "Prints a configuration with every value that holds in it.")
    int show(@Mixin Source source, @Mixin Results results) {
        Record config = source.read(types);
        results.print(ResolvedConfig.tree(config), ResolvedConfig.yaml(config).stripTrailing());
        return ExitStatus.OK;
    }

    @Command(name = "check", description = "Says whether a configuration is valid; if not, what is wrong where.")
    int check(@Mixin Source source, @Mixin Results results) throws IOException {
        Record config = source.read(types);
        String fingerprint = ResolvedConfig.fingerprint(config);
        Optional<MemoryPlan> memory = MemoryNeed.of(config);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("config", source.config.path().toString());
        facts.put("valid", true);
        facts.put("fingerprint", fingerprint);
        memory.ifPresent(plan -> {
            facts.put("tensor_bytes", plan.bytes(MemoryPlan.Place.OFF_HEAP));
            facts.put("heap_bytes", plan.bytes(MemoryPlan.Place.HEAP));
        });
        String need =
                memory.map(plan -> System.lineSeparator() + plan.describe()).orElse("");
        results.print(facts, source.config.path() + " is valid; its fingerprint is " + fingerprint + need);
        return ExitStatus.OK;
    }

    /** The configuration in question, and the command it is for. */
    static final class Source {
        @Mixin
        private ConfigOptions config;

        @Option(
                names = "--for",
                paramLabel = "COMMAND",
                defaultValue = "train",
                description = "The command that the configuration is for.")
        private String purpose;

        Record read(Map<String, Class<? extends Record>> types) {
            Class<? extends Record> type = types.get(purpose);
            if (type == null) {
                throw new IllegalArgumentException(
                        "--for is " + purpose + ", but must be one of " + String.join(", ", types.keySet()));
            }
            return config.read(type);
        }
    }
}
