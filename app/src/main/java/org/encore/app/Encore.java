package org.encore.app;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.encore.app.commands.BenchCommand;
import org.encore.app.commands.CodecCommand;
import org.encore.app.commands.ConfigCommand;
import org.encore.app.commands.ConvertCommand;
import org.encore.app.commands.EvaluateCommand;
import org.encore.app.commands.ForensicsCommand;
import org.encore.app.commands.GenerateCommand;
import org.encore.app.commands.InfoCommand;
import org.encore.app.commands.InitCommand;
import org.encore.app.commands.MergeCommand;
import org.encore.app.commands.ParityCommand;
import org.encore.app.commands.PreferencesCommand;
import org.encore.app.commands.PreflightCommand;
import org.encore.app.commands.PretrainCommand;
import org.encore.app.commands.ProfileCommand;
import org.encore.app.commands.RefereeCommand;
import org.encore.app.commands.ReportCommand;
import org.encore.app.commands.RewardTrainCommand.RewardsCommand;
import org.encore.app.commands.SteerCommand;
import org.encore.app.commands.StudyCommand;
import org.encore.app.commands.TrainCommand;
import org.encore.app.commands.ValueCommand;
import org.encore.app.commands.WatchCommand;
import org.encore.app.contest.ContestSettings;
import org.encore.app.contest.StudySettings;
import org.encore.app.terminal.ExitStatus.Failures;
import org.encore.preferences.listening.ListeningSettings;
import org.encore.preferences.simulation.SimulationSettings;
import org.encore.preferences.training.PreferenceLearner.PreferenceTrainSettings;
import org.encore.rewards.specs.RewardKinds;
import org.encore.steering.evaluation.SteeringSettings;
import org.encore.trainer.codec.CodecSettings;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.pretraining.PretrainSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: the list of commands and the entry point. */
@Command(
        name = "encore",
        description = "Fine-tunes music transformers by reinforcement learning.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Encore.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:a check failed or a run diverged (or an internal error, with its stack trace)",
            "2:an argument, a setting or a file is invalid",
            "130:a run was interrupted by Ctrl-C and has saved its state (143: by SIGTERM)"
        })
public final class Encore {
    @Option(
            names = "--debug",
            description = "Show the stack trace of a failure.",
            scope = ScopeType.INHERIT,
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean debug;

    private Encore() {}

    /** Runs one command and ends the JVM with its exit status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** Builds the command line with all of its commands. */
    static CommandLine commandLine() {
        Encore encore = new Encore();
        CommandLine line = new CommandLine(encore)
                .addSubcommand(new TrainCommand())
                .addSubcommand(new PretrainCommand())
                .addSubcommand(new GenerateCommand())
                .addSubcommand(new InfoCommand())
                .addSubcommand(new ProfileCommand())
                .addSubcommand(new SteerCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(new ForensicsCommand())
                .addSubcommand(new PreflightCommand())
                .addSubcommand(new EvaluateCommand())
                .addSubcommand(new StudyCommand())
                .addSubcommand(new ValueCommand())
                .addSubcommand(new WatchCommand())
                .addSubcommand(new InitCommand())
                .addSubcommand(new MergeCommand())
                .addSubcommand(new ConvertCommand())
                .addSubcommand(new ParityCommand())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new CodecCommand())
                .addSubcommand(new RewardsCommand())
                .addSubcommand(new RefereeCommand())
                .addSubcommand(new PreferencesCommand())
                .addSubcommand(new ConfigCommand(configurations()));
        return withFailures(line, new Failures(() -> encore.debug));
    }

    /** Adds the failure handling of {@link org.encore.app.terminal.ExitStatus}. */
    static CommandLine withFailures(CommandLine line, Failures failures) {
        return line.setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    /** The record that each command reads its configuration into. */
    public static Map<String, Class<? extends Record>> configurations() {
        Map<String, Class<? extends Record>> records = new LinkedHashMap<>();
        records.put("train", FineTuneSettings.class);
        records.put("pretrain", PretrainSettings.class);
        records.put("pretrain-codec", CodecSettings.class);
        records.put("rewards-train", RewardKinds.TrainingSpec.class);
        records.put("preferences-train", PreferenceTrainSettings.class);
        records.put("preferences-simulate", SimulationSettings.class);
        records.put("serve", ListeningSettings.class);
        records.put("steer", SteeringSettings.class);
        records.put("evaluate", ContestSettings.class);
        records.put("study", StudySettings.class);
        return Collections.unmodifiableMap(records);
    }

    /** The versions of Encore and of Java. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Version.class.getPackage().getImplementationVersion();
            return new String[] {
                "encore " + (version == null ? "(not packaged)" : version),
                "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
