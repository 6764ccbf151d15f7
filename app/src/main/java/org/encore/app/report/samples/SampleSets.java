package org.encore.app.report.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.encore.trainer.runs.RunDirectory;

/**
 * The samples of the first, the middle and the last step that has some.
 *
 * @param sets in the order of their steps; up to three
 * @param stepCount how many steps have samples
 */
public record SampleSets(List<SampleSet> sets, int stepCount) {
    private static final Pattern STEP = Pattern.compile("step-(\\d{1,18})");
    private static final Pattern FACTS = Pattern.compile("[\\w-]+\\.json");
    private static final int MOST_SAMPLES = 12;

    public SampleSets {
        sets = List.copyOf(sets);
    }

    /**
     * What was played at one step.
     *
     * @param step after which the policy played
     * @param samples those that are shown
     * @param leftOut how many more there are
     */
    record SampleSet(long step, List<PlayedSample> samples, int leftOut) {
        SampleSet {
            samples = List.copyOf(samples);
        }
    }

    /** Reads what a run left; empty if it left nothing. */
    public static SampleSets read(RunDirectory run) throws IOException {
        List<Long> steps = steps(run);
        List<SampleSet> sets = new ArrayList<>();
        if (!steps.isEmpty()) {
            TreeSet<Long> shown = new TreeSet<>();
            shown.add(steps.get(0));
            shown.add(steps.get(steps.size() / 2));
            shown.add(steps.get(steps.size() - 1));
            for (long step : shown) {
                sets.add(set(run, step));
            }
        }
        return new SampleSets(sets, steps.size());
    }

    private static List<Long> steps(RunDirectory run) throws IOException {
        TreeSet<Long> steps = new TreeSet<>();
        for (Path directory : list(run.samples(0).getParent())) {
            Matcher matcher = STEP.matcher(directory.getFileName().toString());
            if (matcher.matches() && !facts(directory).isEmpty()) {
                steps.add(Long.parseLong(matcher.group(1)));
            }
        }
        return List.copyOf(steps);
    }

    private static SampleSet set(RunDirectory run, long step) throws IOException {
        List<Path> facts = facts(run.samples(step));
        List<PlayedSample> samples = new ArrayList<>();
        for (Path each : facts.subList(0, Math.min(MOST_SAMPLES, facts.size()))) {
            samples.add(PlayedSample.read(each, run.path()));
        }
        return new SampleSet(step, samples, facts.size() - samples.size());
    }

    private static List<Path> facts(Path directory) throws IOException {
        return list(directory).stream()
                .filter(file -> FACTS.matcher(file.getFileName().toString()).matches())
                .toList();
    }

    /** What a directory holds, sorted; nothing if it does not exist. */
    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }
}
