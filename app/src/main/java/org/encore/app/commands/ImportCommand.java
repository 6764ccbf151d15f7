package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.preferences.comparisons.VoteImport;
import org.encore.preferences.comparisons.VoteImport.Clips;
import org.encore.preferences.store.PreferenceStore;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports votes from files into a database. */
@Command(
        name = "import",
        description = "Imports votes from files into a database, which is created if it does not exist.")
public final class ImportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DB", description = "The database of votes.")
    private Path database;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Votes as lines of JSON, ours or those of an arena, or as CSV with the same keys as columns.")
    private List<Path> files;

    @Option(
            names = "--session",
            paramLabel = "NAME",
            defaultValue = "imported",
            description = "The session that gets the pairs.")
    private String session;

    @Option(
            names = "--without-clips",
            description = "Accept votes on clips whose files are not here.",
            showDefaultValue = CommandLine.Help.Visibility.NEVER)
    private boolean withoutClips;

    @Mixin
    private FilterOptions filter;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        VoteImport.Settings settings =
                new VoteImport.Settings(session, filter.filter(), withoutClips ? Clips.OPTIONAL : Clips.REQUIRED);
        VoteImport.Result total = new VoteImport.Result(0, 0, 0);
        int votes;
        try (PreferenceStore store = PreferenceStore.openOrCreate(database, Clock.systemUTC())) {
            for (Path file : files) {
                total = total.plus(VoteImport.run(store, file, settings));
            }
            votes = store.size();
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("database", database.toString());
        facts.put("added", total.added());
        facts.put("known", total.known());
        facts.put("filtered", total.filtered());
        facts.put("votes", votes);
        results.print(
                facts,
                String.format(
                        Locale.ROOT,
                        "%s: added %d votes (%d were known, %d filtered out); it holds %d",
                        database,
                        total.added(),
                        total.known(),
                        total.filtered(),
                        votes));
        return ExitStatus.OK;
    }
}
