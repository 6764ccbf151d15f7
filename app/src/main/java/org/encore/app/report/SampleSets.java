package org.encore.app.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.midi.MidiFiles;
import org.encore.run.RunDirectory;

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
     * The samples of one step.
     *
     * @param step step of the samples
     * @param samples those that are shown
     * @param leftOut how many more there are
     */
    record SampleSet(long step, List<ReportedSample> samples, int leftOut) {
        SampleSet {
            samples = List.copyOf(samples);
        }
    }

    /** Reads the samples of a run for its own page; empty if there are none. */
    public static SampleSets read(RunDirectory run) throws IOException {
        return read(run, run.path());
    }

    /** Reads the samples of a run for a page in another directory. */
    static SampleSets read(RunDirectory run, Path page) throws IOException {
        List<Long> steps = steps(run);
        List<SampleSet> sets = new ArrayList<>();
        if (!steps.isEmpty()) {
            TreeSet<Long> shown = new TreeSet<>();
            shown.add(steps.get(0));
            shown.add(steps.get(steps.size() / 2));
            shown.add(steps.get(steps.size() - 1));
            for (long step : shown) {
                sets.add(set(run, step, page));
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

    private static SampleSet set(RunDirectory run, long step, Path page) throws IOException {
        List<Path> facts = facts(run.samples(step));
        List<ReportedSample> samples = new ArrayList<>();
        for (Path each : facts.subList(0, Math.min(MOST_SAMPLES, facts.size()))) {
            samples.add(ReportedSample.read(each, page));
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

    /**
     * One sample.
     *
     * @param prompt its prompt
     * @param verdict its reward scores
     * @param sound where the page finds the WAV file, if there is one
     * @param piece the notes, if there is a MIDI file
     * @param problem what could not be read, if anything
     */
    record ReportedSample(
            String prompt, Verdict verdict, Optional<String> sound, Optional<Piece> piece, Optional<String> problem) {
        private static final JsonMapper JSON = JsonMapper.builder().build();
        private static final String JSON_ENDING = ".json";

        /**
         * The reward scores of a sample.
         *
         * @param total the score of the mixture; empty if it abstained
         * @param scores raw scores by the id of the reward
         * @param explanation a tree of nodes with {@code value}, {@code description} and {@code details}; may be missing
         */
        record Verdict(OptionalDouble total, Map<String, Double> scores, JsonNode explanation) {}

        /**
         * Reads a sample; never fails because of what the files hold.
         *
         * @param facts the JSON file, beside which the others lie
         * @param page the directory that links are relative to
         */
        static ReportedSample read(Path facts, Path page) throws IOException {
            String file = facts.getFileName().toString();
            String stem = file.substring(0, file.length() - JSON_ENDING.length());
            JsonNode tree = JSON.missingNode();
            Optional<Piece> piece = Optional.empty();
            Optional<String> problem = Optional.empty();
            try {
                tree = JSON.readTree(Files.readAllBytes(facts));
                Path midi = facts.resolveSibling(stem + ".mid");
                piece = Files.exists(midi) ? Optional.of(MidiFiles.readClip(midi)) : Optional.empty();
            } catch (JsonProcessingException e) {
                problem = Optional.of(file + " is not valid JSON");
            } catch (InvalidFileException e) {
                problem = Optional.of(e.file().getFileName() + " " + e.problem());
            }
            Path wave = facts.resolveSibling(stem + ".wav");
            Optional<String> sound = Files.exists(wave)
                    ? Optional.of(link(page.toAbsolutePath()
                            .normalize()
                            .relativize(wave.toAbsolutePath().normalize())))
                    : Optional.empty();
            return new ReportedSample(tree.path("prompt").asText(""), verdict(tree), sound, piece, problem);
        }

        private static Verdict verdict(JsonNode tree) {
            JsonNode total = tree.path("total");
            Map<String, Double> scores = new LinkedHashMap<>();
            tree.path("scores")
                    .properties()
                    .forEach(
                            score -> scores.put(score.getKey(), score.getValue().asDouble(Double.NaN)));
            return new Verdict(
                    total.isNumber() ? OptionalDouble.of(total.doubleValue()) : OptionalDouble.empty(),
                    scores,
                    tree.path("explanation"));
        }

        /** A name as part of an address: spaces and the like as per cent and two digits. */
        private static String encoded(String name) {
            try {
                return new URI("file", null, "/" + name, null).toASCIIString().substring("file:/".length());
            } catch (URISyntaxException impossible) {
                throw new IllegalArgumentException(name, impossible);
            }
        }

        private static String link(Path relative) {
            StringBuilder link = new StringBuilder();
            for (Path part : relative) {
                link.append(link.isEmpty() ? "" : "/").append(encoded(part.toString()));
            }
            return link.toString();
        }
    }
}
