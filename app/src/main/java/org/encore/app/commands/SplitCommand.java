package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.comparisons.VoteSplit;
import org.encore.preferences.simulation.Simulation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deals votes to training and held-out files that share neither prompts nor clips. */
@Command(
        name = "split",
        description = "Deals votes to training and held-out files that share neither prompts nor clips.")
public final class SplitCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SOURCE", description = "A database of votes, or a file of votes.")
    private Path source;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Where train.jsonl and held-out.jsonl go; paths of clips will be relative to it.")
    private Path out;

    @Option(
            names = "--held-out",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "Share of the votes to hold out, as nearly as whole prompts allow.")
    private double share;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        List<VoteFiles.Entry> votes = VoteFiles.read(source, filter.filter());
        VoteSplit split = VoteSplit.of(source, votes, share);
        VoteFiles.write(out.resolve(Simulation.HELD_OUT), split.heldOut());
        VoteFiles.write(out.resolve(Simulation.TRAIN), split.train());
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("train", split.train().size());
        facts.put("held_out", split.heldOut().size());
        facts.put("groups", split.groups());
        facts.put("directory", out.toString());
        results.print(
                facts,
                String.format(
                        Locale.ROOT,
                        "%d votes to train on, %d held out, of %d groups without a common prompt or clip: %s and %s in %s",
                        split.train().size(),
                        split.heldOut().size(),
                        split.groups(),
                        Simulation.TRAIN,
                        Simulation.HELD_OUT,
                        out));
        return ExitStatus.OK;
    }
}
