package org.encore.app.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.app.report.ProfileTable.ProfileTree;
import org.encore.app.report.ProfileTable.ProfileTree.Profiled;
import org.encore.base.files.AtomicFiles;
import org.encore.base.files.InvalidFileException;
import org.encore.evaluation.profile.Headline;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.study.Correlations;
import org.encore.evaluation.study.DamageDetection;
import org.encore.evaluation.study.DamageDetection.PieceMetric;
import org.encore.evaluation.study.Quality;
import org.encore.evaluation.study.StudyPlan.StudiedCheckpoint;
import org.encore.statistics.Interval;
import org.encore.statistics.Means;

/** The tables of a study in Markdown. */
public final class StudyTables {
    private static final List<Headline> REGIONS = List.of(Headline.PEAK, Headline.ASSIMILATION, Headline.RECOVERY);

    private final StringBuilder text = new StringBuilder();

    private StudyTables() {}

    /**
     * Everything that a study found.
     *
     * @param base the model whose profiles are shown
     * @param profiles of the base, by protocol and perturbation
     * @param checkpoints in their order
     * @param correlations correlations of their metrics with their quality
     * @param detection of damage by the base
     */
    public record Findings(
            String base,
            Map<String, Profile> profiles,
            List<StudiedCheckpoint> checkpoints,
            Correlations correlations,
            List<DamageDetection.Row> detection) {}

    /** Writes all tables. */
    public static String of(Findings findings) {
        StudyTables tables = new StudyTables();
        tables.deltas(findings);
        tables.qualities(findings);
        tables.correlations(findings);
        tables.detection(findings);
        return tables.text.toString();
    }

    private void deltas(Findings findings) {
        Profile any = findings.profiles().values().iterator().next();
        text.append("### Δ of a piece by the length of the damage\n\n`")
                .append(findings.base())
                .append("`, ")
                .append(any.pieces())
                .append(" held-out pieces, damage from code ")
                .append(any.settings().onset())
                .append("; mean Δ over all codes of a piece, nats a code.\n\n");
        List<String> head = new ArrayList<>(List.of("protocol, damage"));
        any.settings().lengths().forEach(length -> head.add(length.label()));
        head.add("Pearson");
        head.add("Spearman");
        List<List<String>> rows = new ArrayList<>();
        findings.profiles().forEach((name, profile) -> {
            List<String> row = new ArrayList<>(List.of(name));
            for (int i = 0; i < profile.settings().lengths().size(); i++) {
                row.add(shown(profile.metrics(i).get("delta")));
            }
            row.add(shown(profile.headline(Headline.PEARSON)));
            row.add(shown(profile.headline(Headline.SPEARMAN)));
            rows.add(row);
        });
        table(head, rows);
        text.append("### Regions, and the context amnesia effect\n\nMeans over lengths of at least 50 codes.\n\n");
        List<List<String>> regions = new ArrayList<>();
        findings.profiles().forEach((name, profile) -> {
            List<String> row = new ArrayList<>(List.of(name));
            REGIONS.forEach(region -> row.add(shown(profile.headline(region))));
            Map<String, Object> amnesia = ProfileTree.amnesia(profile);
            amnesia.values().forEach(found -> row.add(Boolean.TRUE.equals(found) ? "yes" : "no"));
            row.add(amnesia.containsValue(false) ? "not confirmed" : "confirmed");
            regions.add(row);
        });
        table(
                List.of(
                        "protocol, damage",
                        "peak",
                        "assimilation",
                        "recovery",
                        "peak above 0",
                        "assimilation below 0",
                        "loss falls with length",
                        "effect"),
                regions);
    }

    private void qualities(Findings findings) {
        text.append("### The checkpoints\n\nQuality by the referee, on samples for ")
                .append(findings.checkpoints().get(0).completions().count())
                .append(" held-out prompts.\n\n");
        List<String> head = new ArrayList<>(List.of("", "checkpoint", "quality", "adherence", "naturalness"));
        head.add("absolute loss");
        findings.checkpoints().get(0).rewards().keySet().forEach(id -> head.add("reward " + id));
        List<List<String>> rows = new ArrayList<>();
        for (StudiedCheckpoint checkpoint : findings.checkpoints()) {
            Quality quality = findings.correlations().quality(checkpoint);
            List<String> row = new ArrayList<>(List.of(
                    "" + (rows.size() + 1),
                    checkpoint.label(),
                    number(quality.value()),
                    number(quality.adherence()),
                    number(quality.naturalness())));
            row.add(number(checkpoint
                    .profiles()
                    .values()
                    .iterator()
                    .next()
                    .headline(Headline.CLEAN_LOSS)
                    .value()));
            checkpoint.rewards().values().forEach(scores -> row.add(number(mean(scores))));
            rows.add(row);
        }
        table(head, rows);
    }

    private void correlations(Findings findings) {
        text.append("### Spearman's correlation with quality\n\n")
                .append(
                        "Choosing: the checkpoints of some runs, first of every two pieces and prompts. Reporting: those of"
                                + " the other runs, the others. Brackets: 95 % of draws of checkpoints and pieces.\n\n");
        List<List<String>> rows = new ArrayList<>();
        for (Correlations.Row row : findings.correlations().rows()) {
            rows.add(List.of(row.name(), row.kind(), shown(row.all()), number(row.choosing()), shown(row.reporting())));
        }
        table(List.of("metric", "kind", "all", "choosing half", "reporting half"), rows);
        Correlations.Choice choice = findings.correlations().choice();
        text.append("Chosen on the choosing half: **")
                .append(choice.name())
                .append("**. On the reporting half, turned so that the choosing half's correlation is positive: ")
                .append(shown(choice.reporting()))
                .append("; absolute loss: ")
                .append(shown(choice.loss()))
                .append("; difference ")
                .append(shown(choice.gain()))
                .append(
                        choice.gain().isAbove(0)
                                ? ": the profile tells more.\n\n"
                                : choice.gain().isBelow(0)
                                        ? ": absolute loss tells more.\n\n"
                                        : ": no difference that these checkpoints could show.\n\n");
    }

    private void detection(Findings findings) {
        text.append("### Telling damaged pieces from clean ones\n\nArea under the curve by `")
                .append(findings.base())
                .append("`, on the pieces that did not choose; ½ is chance.\n\n");
        List<String> head = new ArrayList<>(List.of("damage", "length"));
        for (PieceMetric figure : PieceMetric.values()) {
            head.add(figure.text().replace('_', ' '));
        }
        head.add("chosen on the other pieces");
        List<List<String>> rows = new ArrayList<>();
        for (DamageDetection.Row row : findings.detection()) {
            List<String> cells = new ArrayList<>(List.of(row.damage(), row.length()));
            row.auc().values().forEach(auc -> cells.add(shown(auc)));
            cells.add(row.chosen().text().replace('_', ' '));
            rows.add(cells);
        }
        table(head, rows);
    }

    private void table(List<String> head, List<List<String>> rows) {
        line(head);
        line(head.stream().map(cell -> "---").toList());
        rows.forEach(this::line);
        text.append('\n');
    }

    private void line(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static double mean(double[] scores) {
        return Means.of(scores);
    }

    private static String shown(Interval interval) {
        return Double.isNaN(interval.value())
                ? "–"
                : number(interval.value()) + " [" + number(interval.low()) + ", " + number(interval.high()) + "]";
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** A generated part of a document: what stands between two comments that have its name. */
    public static final class DocumentSection {
        private final String begin;
        private final String end;

        /** The part between the comments {@code <name>: begin} and {@code <name>: end}. */
        public DocumentSection(String name) {
            this.begin = "<!-- " + name + ": begin -->";
            this.end = "<!-- " + name + ": end -->";
        }

        /**
         * Looks whether a file has the section.
         *
         * @throws InvalidFileException if it has not
         */
        public void require(Path file) throws IOException {
            String text = Files.readString(file);
            int start = text.indexOf(begin);
            if (start < 0 || text.indexOf(end, start) < 0) {
                throw new InvalidFileException(file, "has no lines " + begin + " and " + end + "; add both");
            }
        }

        /** What stands between the comments, without blank lines around it. */
        public String read(Path file) throws IOException {
            require(file);
            String text = Files.readString(file);
            int start = text.indexOf(begin) + begin.length();
            return text.substring(start, text.indexOf(end, start)).strip();
        }

        /** Replaces what stands between the comments. */
        public void replace(Path file, String section) throws IOException {
            require(file);
            String text = Files.readString(file);
            int start = text.indexOf(begin) + begin.length();
            String replaced = text.substring(0, start) + "\n\n" + section.strip() + "\n\n"
                    + text.substring(text.indexOf(end, start));
            AtomicFiles.write(file, replaced.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A study as a tree of names and numbers, for JSON. */
    public static final class StudyTree {
        private StudyTree() {}

        /** Everything that the tables hold. */
        public static Map<String, Object> of(StudyTables.Findings findings) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("base", findings.base());
            Map<String, Object> profiles = new LinkedHashMap<>();
            findings.profiles()
                    .forEach((name, profile) ->
                            profiles.put(name, ProfileTree.of(new Profiled(findings.base(), profile))));
            tree.put("profiles", profiles);
            tree.put(
                    "checkpoints",
                    findings.checkpoints().stream()
                            .map(each -> checkpoint(each, findings.correlations()))
                            .toList());
            tree.put(
                    "correlations",
                    findings.correlations().rows().stream().map(StudyTree::row).toList());
            tree.put("choice", choice(findings.correlations().choice()));
            tree.put(
                    "damage_detection",
                    findings.detection().stream().map(StudyTree::row).toList());
            return tree;
        }

        private static Map<String, Object> checkpoint(StudiedCheckpoint measured, Correlations correlations) {
            Quality quality = correlations.quality(measured);
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("checkpoint", measured.label());
            tree.put("quality", quality.value());
            tree.put("adherence", quality.adherence());
            tree.put("naturalness", quality.naturalness());
            measured.profiles().forEach((name, profile) -> {
                Map<String, Object> headlines = new LinkedHashMap<>();
                for (Headline headline : Headline.values()) {
                    headlines.put(headline.text(), ProfileTree.of(profile.headline(headline)));
                }
                tree.put(name.replace('-', '_'), headlines);
            });
            return tree;
        }

        private static Map<String, Object> row(Correlations.Row row) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("figure", row.name());
            tree.put("kind", row.kind());
            tree.put("all", ProfileTree.of(row.all()));
            tree.put("choosing_half", Double.isFinite(row.choosing()) ? row.choosing() : null);
            tree.put("reporting_half", ProfileTree.of(row.reporting()));
            return tree;
        }

        private static Map<String, Object> choice(Correlations.Choice choice) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("figure", choice.name());
            tree.put("reporting_half", ProfileTree.of(choice.reporting()));
            tree.put("absolute_loss", ProfileTree.of(choice.loss()));
            tree.put("difference", ProfileTree.of(choice.gain()));
            return tree;
        }

        private static Map<String, Object> row(DamageDetection.Row row) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("damage", row.damage());
            tree.put("length", row.length());
            row.auc().forEach((figure, auc) -> tree.put("auc_" + figure.text(), ProfileTree.of(auc)));
            tree.put("chosen", row.chosen().text());
            return tree;
        }
    }
}
