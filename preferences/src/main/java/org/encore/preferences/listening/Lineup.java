package org.encore.preferences.listening;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.encore.base.files.InvalidFileException;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.GeneratedFolder;
import org.encore.preferences.listening.clips.GeneratedFolder.CheckpointGenerator;
import org.encore.preferences.listening.clips.Recordings;
import org.encore.preferences.listening.clips.TakeFolder;
import org.encore.preferences.listening.clips.TakeFolder.Take;
import org.encore.preferences.listening.clips.TakeFolder.TakePair;
import org.encore.run.Progress;

/** Finds the clips of a test's systems, generates missing ones with the checkpoints, and adds the pairs to the test. */
public final class Lineup {
    /** Number of prompts per round of generation, so that the first pairs are available soon. */
    private static final int PROMPTS_AT_A_TIME = 8;

    private final ListeningSettings settings;
    private final CheckpointGenerator generator;

    public Lineup(ListeningSettings settings, CheckpointGenerator generator) {
        this.settings = settings;
        this.generator = generator;
    }

    /** Whether the systems are checkpoints, which must generate their clips. */
    public boolean generates() {
        return settings.systems().get(0) instanceof ClipSource.Checkpoint;
    }

    /**
     * Checks clips and checkpoints, without generating anything.
     *
     * @throws IllegalArgumentException or a kind of {@link IOException} in one line
     */
    public void check() throws IOException {
        if (!generates()) {
            for (TakePair pairing : folders()) {
                Recordings.check(pairing.a().file());
                Recordings.check(pairing.b().file());
            }
            return;
        }
        settings.prompts().orElseThrow().prompts();
        for (ClipSource system : settings.systems()) {
            generator.check((ClipSource.Checkpoint) system);
        }
    }

    /** Adds all pairs to the test; those of checkpoints as soon as both clips exist. */
    public void layOut(ListeningTest test, Progress progress) throws IOException {
        if (generates()) {
            generate(test, progress);
        } else {
            test.add(folders());
        }
        test.allLaidOut();
    }

    private List<TakePair> folders() throws IOException {
        List<SortedMap<String, Take>> takes = new ArrayList<>();
        for (ClipSource system : settings.systems()) {
            ClipSource.Folder folder = (ClipSource.Folder) system;
            takes.add(new TakeFolder(folder.name(), folder.folder()).takes());
        }
        List<TakePair> pairings = TakePair.of(takes);
        if (pairings.isEmpty()) {
            Path last = ((ClipSource.Folder) settings.systems().get(takes.size() - 1)).folder();
            throw new InvalidFileException(
                    last, "has no file of the same name as one of the other systems, so there is nothing to compare");
        }
        return pairings;
    }

    private void generate(ListeningTest test, Progress progress) throws IOException {
        List<String> prompts = settings.prompts().orElseThrow().prompts();
        List<GeneratedFolder> folders = new ArrayList<>();
        for (ClipSource system : settings.systems()) {
            folders.add(new GeneratedFolder(
                    (ClipSource.Checkpoint) system, settings.clips().orElseThrow(), settings.seed(), generator));
        }
        int done = 0;
        int total = prompts.size() * folders.size();
        for (int from = 0; from < prompts.size(); from += PROMPTS_AT_A_TIME) {
            List<String> now = prompts.subList(from, Math.min(prompts.size(), from + PROMPTS_AT_A_TIME));
            List<SortedMap<String, Take>> takes = new ArrayList<>();
            for (GeneratedFolder folder : folders) {
                takes.add(folder.takes(now));
                done += now.size();
                progress.step("generating", done, total, "clips");
            }
            test.add(TakePair.of(takes));
        }
    }
}
