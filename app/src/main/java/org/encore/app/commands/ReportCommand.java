package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.report.ComparedRuns;
import org.encore.app.report.RunReport;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.run.RunDirectory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of a run again, or one page that compares several. */
@Command(
        name = "report",
        description =
                "Writes the report of a run again; of several runs one page with their curves, differences and samples.")
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Directories of runs.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The page of several runs; ${DEFAULT-VALUE} unless given.",
            defaultValue = "comparison.html")
    private Path out;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        List<RunDirectory> directories = new ArrayList<>();
        for (Path run : runs) {
            directories.add(RunDirectory.open(run));
        }
        Path page = out;
        if (directories.size() == 1) {
            page = directories.get(0).report();
            RunReport.write(directories.get(0));
        } else {
            ComparedRuns.write(directories, page);
        }
        results.print(Map.of("page", page.toString()), "look and listen: " + page);
        return ExitStatus.OK;
    }
}
