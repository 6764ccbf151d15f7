package org.encore.app.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.encore.app.report.Html.Numerals;
import org.encore.app.report.SampleSets.ReportedSample;
import org.encore.app.report.SampleSets.SampleSet;

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
                List<String> titles = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    titles.add(names.get(i) + ", step " + last.get(i).step());
                }
                gallery.sideBySide(sample.prompt(), base, titles, same);
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

    /** Writes the samples of several models, those of one prompt side by side; prompts that one of them lacks are left out. */
    static void sideBySide(Html html, Map<String, SampleSets> models) {
        SampleGallery gallery = new SampleGallery(html);
        List<SampleSet> sets = new ArrayList<>();
        models.values()
                .forEach(each -> sets.addAll(
                        each.sets().subList(0, Math.min(1, each.sets().size()))));
        if (sets.size() < models.size() || sets.isEmpty()) {
            html.element("p", "There are no samples.", "class", "missing");
            return;
        }
        for (ReportedSample sample : sets.get(0).samples()) {
            List<Optional<ReportedSample>> same =
                    sets.stream().map(set -> withPrompt(set, sample.prompt())).toList();
            if (same.stream().allMatch(Optional::isPresent)) {
                gallery.sideBySide(sample.prompt(), Optional.empty(), List.copyOf(models.keySet()), same);
            }
        }
    }

    private void sideBySide(
            String prompt, Optional<ReportedSample> base, List<String> titles, List<Optional<ReportedSample>> samples) {
        html.in(
                "section",
                () -> {
                    html.element("h3", "“" + prompt + "”");
                    html.in(
                            "div",
                            () -> {
                                base.ifPresent(sample ->
                                        card(sample, titles.get(0).replaceFirst(", step \\d+$", "") + ", before"));
                                for (int i = 0; i < samples.size(); i++) {
                                    String title = titles.get(i);
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
                    html.in("header", () -> html.element("h5", title, "class", "title")
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
}
