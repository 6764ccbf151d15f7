package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.config.ConfigKeys;
import org.encore.app.config.ConfigKeys.ConfigKey;
import org.encore.app.config.ConfigReader;
import org.encore.app.config.ResolvedConfig;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.weights.ModelDirectory;
import org.encore.trainer.finetuning.FineTuneMemory;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.pretraining.PretrainMemory;
import org.encore.trainer.pretraining.PretrainSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows and checks configurations without running them, and explains their keys. */
@Command(
        name = "config",
        description = "Shows and checks configurations without running them, and explains their keys.")
public final class ConfigCommand implements Runnable {
    private final Map<String, Class<? extends Record>> types;

    @Spec
    private CommandSpec command;

    /**
     * Creates the command.
     *
     * @param types the record that each command reads, by the name of the command
     */
    public ConfigCommand(Map<String, Class<? extends Record>> types) {
        this.types = new LinkedHashMap<>(types);
    }

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "Missing required subcommand: show, check or keys");
    }

    @Command(name = "show", description = "Prints the resolved configuration, defaults included.")
    int show(@Mixin Source source, @Mixin Results results) {
        Record config = source.read(types);
        results.print(ResolvedConfig.tree(config), ResolvedConfig.yaml(config).stripTrailing());
        return ExitStatus.OK;
    }

    @Command(name = "check", description = "Checks a configuration, and shows its errors with file and line.")
    int check(@Mixin Source source, @Mixin Results results) throws IOException {
        Record config = source.read(types);
        requireInputs(config);
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

    private static void requireInputs(Record config) {
        ResolvedConfig.inputs(config).forEach((key, path) -> {
            if (!Files.exists(Machine.locate(path))) {
                throw new InvalidFileException(path, "does not exist, but " + key + " names it");
            }
        });
    }

    @Command(name = "keys", description = "Lists the keys of a configuration: default, range and meaning of each.")
    int keys(
            @Mixin Purpose purpose,
            @Mixin Results results,
            @Parameters(
                            arity = "0..1",
                            paramLabel = "KEY",
                            description = "Only this key and the keys inside it, e.g. rollout.temperature.")
                    String wanted) {
        List<ConfigKey> keys = new ConfigKeys()
                .withKinds(purpose.type(types)).stream()
                        .filter(key -> wanted == null
                                || key.name().equals(wanted)
                                || key.name().startsWith(wanted + "."))
                        .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "KEY is " + wanted + ", but there is no such key; config keys lists all");
        }
        results.print(
                Map.of("keys", keys.stream().map(ConfigCommand::facts).toList()),
                keys.stream().map(ConfigCommand::lines).collect(Collectors.joining(System.lineSeparator())));
        return ExitStatus.OK;
    }

    private static Map<String, Object> facts(ConfigKey key) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("key", key.name());
        facts.put("kinds", key.condition());
        facts.put("default", key.standard().replace("`", ""));
        facts.put("range", key.range().replace("`", ""));
        facts.put("meaning", key.meaning().replace("`", ""));
        return facts;
    }

    private static String lines(ConfigKey key) {
        String kinds = key.condition().isEmpty() ? "" : " (" + key.condition() + ")";
        String standard = key.standard().equals(ConfigKeys.REQUIRED) ? "required" : "default " + key.standard();
        return (key.name() + kinds + ": " + standard + "; " + key.range() + System.lineSeparator() + "    "
                        + key.meaning())
                .replace("`", "");
    }

    /** The command that a configuration is for. */
    static final class Purpose {
        private static final String TRAIN = "train";

        @Option(
                names = "--for",
                paramLabel = "COMMAND",
                description = "The command that the configuration is for"
                        + " (default: the one with the most of its keys, or train).")
        private String command;

        /** The record of the command that is named; else of the command that has the most of a file's keys. */
        Class<? extends Record> type(Map<String, Class<? extends Record>> types, Set<String> keys) {
            if (command != null) {
                return type(types);
            }
            Class<? extends Record> best = type(types);
            for (Class<? extends Record> type : types.values()) {
                if (known(type, keys) > known(best, keys)) {
                    best = type;
                }
            }
            return best;
        }

        private static long known(Class<? extends Record> type, Set<String> keys) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(component -> keys.contains(component.getName()))
                    .count();
        }

        Class<? extends Record> type(Map<String, Class<? extends Record>> types) {
            Class<? extends Record> type = types.get(command == null ? TRAIN : command);
            if (type == null) {
                throw new IllegalArgumentException(
                        "--for is " + command + ", but must be one of " + String.join(", ", types.keySet()));
            }
            return type;
        }
    }

    /** The configuration, and the command that it is for. */
    static final class Source {
        @Mixin
        private RequiredConfig config;

        @Mixin
        private Purpose purpose;

        Record read(Map<String, Class<? extends Record>> types) {
            return config.read(purpose.type(types, new ConfigReader().rootKeys(Machine.locate(config.path()))));
        }
    }

    /** What a configuration will take of this machine's memory. */
    public static final class MemoryNeed {
        private MemoryNeed() {}

        /**
         * Looks at a configuration and at the sizes of its checkpoint.
         *
         * @return empty if that cannot be known: the checkpoint is not there, or the command trains nothing
         * @throws IllegalArgumentException if the run does not fit; the message names what would
         */
        public static Optional<MemoryPlan> of(Record configuration) throws IOException {
            MemoryLimits limits = MemoryLimits.ofThisMachine();
            if (configuration instanceof PretrainSettings pretraining) {
                Optional<Path> base = pretraining.checkpoint().map(Machine::locate);
                boolean missing = base.isPresent() && !Files.isDirectory(base.get());
                if (missing || (base.isEmpty() && pretraining.corpus().codec().isEmpty())) {
                    return Optional.empty();
                }
                Optional<ModelConfig> known =
                        base.isPresent() ? Optional.of(ModelDirectory.config(base.get())) : Optional.empty();
                PretrainMemory memory = new PretrainMemory(
                        pretraining, known, pretraining.corpus().codec().map(Codecs::symbolic));
                return Optional.of(memory.plan(memory.storage(limits)));
            }
            if (configuration instanceof FineTuneSettings training) {
                Path checkpoint = Machine.locate(training.checkpoint());
                if (Files.isDirectory(checkpoint)) {
                    CheckpointInfo info = CheckpointInfo.of(checkpoint);
                    FineTuneMemory memory = new FineTuneMemory(training, info.config(), info.neuralCodec());
                    return Optional.of(memory.plan(memory.storage(limits)));
                }
            }
            return Optional.empty();
        }
    }
}
