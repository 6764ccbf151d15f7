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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.SampleGallery.SampleSets.ReportedSample;
import org.encore.app.report.SampleGallery.SampleSets.SampleSet;
import org.encore.base.files.InvalidFileException;
import org.encore.music.Piece;
import org.encore.music.midi.MidiFiles;
import org.encore.run.RunDirectory;

/** Shows samples with sound and notes: first pairs of the same prompt before and after, then the others step by step. */
public final class SampleGallery {
    private static final int PAIRS_AT_ONCE = 4;

    private final Html html;

    private SampleGallery(Html html) {
        this.html = html;
    }

    private record Pair(ReportedSample before, ReportedSample after) {}

    /** Writes all samples. */
    public static void write(Html html, SampleSets sets) {
        new SampleGallery(html).write(sets);
    }

    /**
     * Writes the last samples of several runs, those of one prompt side by side, and before them that of the base.
     *
     * @param runs samples by the name of the run
     * @return whether there was any prompt that all runs have
     */
    static boolean compare(Html html, Map<String, SampleSets> runs) {
        SampleGallery gallery = new SampleGallery(html);
        List<SampleSet> last = new ArrayList<>();
        for (SampleSets sets : runs.values()) {
            if (sets.sets().isEmpty()) {
                return false;
            }
            last.add(sets.sets().get(sets.sets().size() - 1));
        }
        List<String> names = List.copyOf(runs.keySet());
        boolean any = false;
        for (ReportedSample sample : last.get(0).samples()) {
            List<Optional<ReportedSample>> same =
                    last.stream().map(set -> withPrompt(set, sample.prompt())).toList();
            if (!sample.prompt().isBlank() && same.stream().allMatch(Optional::isPresent)) {
                SampleSet first = runs.get(names.get(0)).sets().get(0);
                Optional<ReportedSample> base =
                        first.step() == 0 ? withPrompt(first, sample.prompt()) : Optional.empty();
                gallery.sideBySide(sample.prompt(), base, names, last, same);
                any = true;
            }
        }
        return any;
    }

    private static Optional<ReportedSample> withPrompt(SampleSet set, String prompt) {
        return set.samples().stream()
                .filter(sample -> sample.prompt().equals(prompt))
                .findFirst();
    }

    private void sideBySide(
            String prompt,
            Optional<ReportedSample> base,
            List<String> names,
            List<SampleSet> sets,
            List<Optional<ReportedSample>> samples) {
        html.in(
                "section",
                () -> {
                    html.element("h3", "“" + prompt + "”");
                    html.in(
                            "div",
                            () -> {
                                base.ifPresent(sample -> card(sample, names.get(0) + ", before"));
                                for (int i = 0; i < samples.size(); i++) {
                                    String title = names.get(i) + ", step "
                                            + sets.get(i).step();
                                    samples.get(i).ifPresent(sample -> card(sample, title));
                                }
                            },
                            "class",
                            "pair");
                },
                "class",
                "prompt");
    }

    private void write(SampleSets all) {
        List<SampleSet> sets = all.sets();
        SampleSet first = sets.get(0);
        SampleSet last = sets.get(sets.size() - 1);
        List<ReportedSample> paired = new ArrayList<>();
        if (sets.size() > 1) {
            List<Pair> pairs = pairs(first, last);
            writePairs(pairs, first.step(), last.step());
            pairs.forEach(pair -> {
                paired.add(pair.before());
                paired.add(pair.after());
            });
        }
        for (SampleSet set : sets) {
            List<ReportedSample> alone = set.samples().stream()
                    .filter(sample -> !paired.contains(sample))
                    .toList();
            writeSet(set, alone);
        }
        if (all.stepCount() > sets.size()) {
            html.element(
                    "p",
                    "Samples of " + all.stepCount() + " steps are in the directory samples; these are of " + sets.size()
                            + ".",
                    "class",
                    "note");
        }
    }

    /** Samples with the same prompt; the nth time a prompt comes before belongs to the nth time it comes after. */
    private static List<Pair> pairs(SampleSet first, SampleSet last) {
        List<Pair> pairs = new ArrayList<>();
        List<ReportedSample> left = new ArrayList<>(last.samples());
        for (ReportedSample before : first.samples()) {
            for (Iterator<ReportedSample> rest = left.iterator(); rest.hasNext(); ) {
                ReportedSample after = rest.next();
                if (!before.prompt().isBlank() && after.prompt().equals(before.prompt())) {
                    pairs.add(new Pair(before, after));
                    rest.remove();
                    break;
                }
            }
        }
        return pairs;
    }

    private void writePairs(List<Pair> pairs, long firstStep, long lastStep) {
        if (pairs.isEmpty()) {
            return;
        }
        html.element("h3", "The same prompt, before and after: step " + firstStep + " and step " + lastStep);
        int open = Math.min(PAIRS_AT_ONCE, pairs.size());
        pairs.subList(0, open).forEach(pair -> writePair(pair, firstStep, lastStep));
        if (open < pairs.size()) {
            html.in("details", () -> {
                html.element("summary", (pairs.size() - open) + " more prompts, before and after");
                pairs.subList(open, pairs.size()).forEach(pair -> writePair(pair, firstStep, lastStep));
            });
        }
    }

    private void writePair(Pair pair, long firstStep, long lastStep) {
        html.in(
                "section",
                () -> {
                    html.in("h4", () -> html.text("“" + pair.before().prompt() + "” ")
                            .element("span", change(pair), "class", "change"));
                    html.in(
                            "div",
                            () -> {
                                card(pair.before(), "Step " + firstStep);
                                card(pair.after(), "Step " + lastStep);
                            },
                            "class",
                            "pair");
                },
                "class",
                "prompt");
    }

    private static String change(Pair pair) {
        OptionalDouble before = pair.before().verdict().total();
        OptionalDouble after = pair.after().verdict().total();
        return before.isPresent() && after.isPresent()
                ? Numerals.change(after.getAsDouble() - before.getAsDouble())
                : "";
    }

    private void writeSet(SampleSet set, List<ReportedSample> samples) {
        if (!samples.isEmpty()) {
            html.in("details", () -> {
                html.element("summary", "Step " + set.step() + ", " + samples.size() + " samples");
                html.in("div", () -> samples.forEach(sample -> card(sample, title(sample))), "class", "gallery");
            });
        }
        if (set.leftOut() > 0) {
            html.element(
                    "p",
                    set.leftOut() + " more samples of step " + set.step() + " are in samples/step-" + set.step() + ".",
                    "class",
                    "note");
        }
    }

    private static String title(ReportedSample sample) {
        return sample.prompt().isBlank() ? "No prompt" : "“" + sample.prompt() + "”";
    }

    private void card(ReportedSample sample, String title) {
        html.in(
                "article",
                () -> {
                    html.in("header", () -> html.element("span", title, "class", "title")
                            .element("span", score(sample), "class", "score"));
                    sample.problem().ifPresent(problem -> html.element("p", problem, "class", "missing"));
                    sample.sound()
                            .ifPresentOrElse(
                                    this::player, () -> html.element("p", "There is no sound.", "class", "missing"));
                    sample.piece().ifPresent(piece -> PianoRoll.write(html, piece));
                    explanation(sample.verdict());
                },
                "class",
                "sample");
        html.line();
    }

    private static String score(ReportedSample sample) {
        OptionalDouble total = sample.verdict().total();
        return total.isPresent() ? Numerals.of(total.getAsDouble()) : "no score";
    }

    private void player(String link) {
        html.in("audio", () -> {}, "controls", "controls", "preload", "metadata", "src", link);
    }

    private void explanation(ReportedSample.Verdict verdict) {
        if (verdict.scores().isEmpty() && !verdict.explanation().isObject()) {
            return;
        }
        html.in("details", () -> {
            html.element("summary", "Why this score");
            html.in("ul", () -> verdict.scores().forEach(this::rawScore), "class", "scores");
            if (verdict.explanation().isObject()) {
                html.in("ul", () -> branch(verdict.explanation()), "class", "tree");
            }
        });
    }

    private void rawScore(String id, double value) {
        html.in("li", () -> html.element("b", Numerals.of(value)).text(" " + id + ", raw"));
    }

    private void branch(JsonNode node) {
        html.in("li", () -> {
            html.element("b", Numerals.of(node.path("value").asDouble(Double.NaN)))
                    .text(" " + node.path("description").asText());
            if (!node.path("details").isEmpty()) {
                html.in("ul", () -> node.path("details").forEach(this::branch));
            }
        });
    }

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
                String prompt,
                Verdict verdict,
                Optional<String> sound,
                Optional<Piece> piece,
                Optional<String> problem) {
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
                        .forEach(score ->
                                scores.put(score.getKey(), score.getValue().asDouble(Double.NaN)));
                return new Verdict(
                        total.isNumber() ? OptionalDouble.of(total.doubleValue()) : OptionalDouble.empty(),
                        scores,
                        tree.path("explanation"));
            }

            /** A name as part of an address: spaces and the like as per cent and two digits. */
            private static String encoded(String name) {
                try {
                    return new URI("file", null, "/" + name, null)
                            .toASCIIString()
                            .substring("file:/".length());
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
}
