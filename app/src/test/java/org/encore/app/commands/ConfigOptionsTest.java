package org.encore.app.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class ConfigOptionsTest {
    private static String commandLine(String... arguments) {
        ConfigOptions options = new ConfigOptions.RequiredConfig();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("config", mixin(options))).parseArgs(arguments);
        return options.commandLine("pretrain");
    }

    private static CommandLine.Model.CommandSpec mixin(ConfigOptions options) {
        return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
    }

    @Test
    void theCommandHasThePathAsGivenAndEverySetting() {
        assertEquals(
                "./encore pretrain my/own.yaml --set seed=7 --set training.steps=20",
                commandLine("my/own.yaml", "--set", "seed=7", "--set", "training.steps=20"));
    }

    @Test
    void whatAShellWouldTakeApartIsQuoted() {
        assertEquals(
                "./encore pretrain 'my folder/c.yaml' --set 'corpus={kind: etudes, seed: 2}' --set 'a=it'\\''s'",
                commandLine("my folder/c.yaml", "--set", "corpus={kind: etudes, seed: 2}", "--set", "a=it's"));
    }
}
