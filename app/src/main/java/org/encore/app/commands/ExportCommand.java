package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.comparisons.VoteFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the votes of a database as lines of JSON. */
@Command(
        name = "export",
        description = "Writes the votes of a database as lines of JSON; raters appear under pseudonyms.")
public final class ExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DB", description = "The database of votes.")
    private Path database;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "Where the votes go; paths of clips will be relative to it.")
    private Path file;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        if (!VoteFiles.isDatabase(database)) {
            throw new InvalidFileException(database, "is not a database of votes");
        }
        List<VoteFiles.Entry> votes = VoteFiles.read(database, filter.filter());
        VoteFiles.write(file, votes);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("file", file.toString());
        facts.put("votes", votes.size());
        results.print(facts, "wrote " + votes.size() + " votes to " + file);
        return ExitStatus.OK;
    }
}
