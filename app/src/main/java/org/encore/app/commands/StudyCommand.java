package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.commands.ConfigOptions.RequiredConfig;
import org.encore.app.contest.Study;
import org.encore.app.contest.StudySettings;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains recipes on several seeds, and lets judges compare them. */
@Command(
        name = "study",
        description =
                "Trains every recipe on every seed, lets judges compare what was chosen of each, and writes one page. Started"
                        + " again, it goes on where it stopped.")
public final class StudyCommand implements Callable<Integer> {
    @Mixin
    private RequiredConfig config;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The study's directory (default: runs/<name of the configuration>).")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        StudySettings settings = config.read(StudySettings.class);
        String name = String.valueOf(config.path().getFileName()).replaceFirst("\\.ya?ml$", "");
        Path directory = out == null ? Path.of("runs").resolve(name) : out;
        Study.Outcome outcome = new Study(settings, directory, results::note).run();
        Map<String, Object> facts = new LinkedHashMap<>(outcome.pooled().facts());
        facts.put("directory", directory.toString());
        facts.put("page", outcome.page().toString());
        results.print(facts, outcome.text() + System.lineSeparator() + "look and listen: " + outcome.page());
        return ExitStatus.OK;
    }
}
