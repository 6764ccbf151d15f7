package org.encore.music.analysis;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.encore.music.etudes.Etudes;
import org.encore.music.etudes.Etudes.Etude;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;

/** Counts what the analysis finds in études against the truth; run {@code main} with a file to write tables to. */
final class ConfusionTables {
    private final Map<Aspect, Map<String, Map<String, Integer>>> counts = new TreeMap<>();
    private final Map<Aspect, Integer> correct = new TreeMap<>();
    private final Map<Aspect, Double> ownScores = new TreeMap<>();
    private final Map<Aspect, Double> otherScores = new TreeMap<>();
    private int pieces;
    private double ownMean;
    private double otherMean;

    /** Scores études, each also against another étude's caption. */
    static ConfusionTables of(LongFunction<Etude> etudes, int count) {
        ConfusionTables tables = new ConfusionTables();
        for (int i = 0; i < count; i++) {
            tables.add(etudes.apply(i), etudes.apply(i + 7L));
        }
        return tables;
    }

    /** Writes the tables of 1,000 training and 1,000 held-out études. */
    public static void main(String[] arguments) throws java.io.IOException {
        Etudes etudes = new Etudes(1);
        String text = of(etudes::train, 1000) + "\n" + of(etudes::heldOut, 1000);
        Files.write(Path.of(arguments[0]), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Share of pieces of which an aspect is found correctly. */
    double accuracy(Aspect aspect) {
        return (double) correct.getOrDefault(aspect, 0) / pieces;
    }

    /** Mean adherence to the own caption. */
    double ownMean() {
        return ownMean / pieces;
    }

    /** Mean adherence to another piece's caption. */
    double otherMean() {
        return otherMean / pieces;
    }

    private void add(Etude etude, Etude other) {
        pieces++;
        Attributes analysed = PieceAnalyser.analyse(etude.piece());
        for (Aspect aspect : Aspect.values()) {
            String truth = etude.truth().valueOf(aspect);
            String found = analysed.valueOf(aspect);
            correct.merge(aspect, truth.equals(found) ? 1 : 0, Integer::sum);
            counts.computeIfAbsent(aspect, key -> new TreeMap<>())
                    .computeIfAbsent(truth, key -> new TreeMap<>())
                    .merge(found, 1, Integer::sum);
        }
        sum(Adherence.of(etude.truth(), etude.piece()), ownScores);
        sum(Adherence.of(other.truth(), etude.piece()), otherScores);
        ownMean += Adherence.of(etude.prompt().attributes(), etude.piece()).mean();
        otherMean += Adherence.of(other.prompt().attributes(), etude.piece()).mean();
    }

    private static void sum(Adherence adherence, Map<Aspect, Double> sums) {
        adherence.verdicts().forEach((aspect, verdict) -> sums.merge(aspect, verdict.score(), Double::sum));
    }

    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        for (Aspect aspect : Aspect.values()) {
            out.printf(
                    Locale.ROOT,
                    "%s: %.1f %% right, score of the truth %.3f, of another truth %.3f%n",
                    aspect,
                    100.0 * accuracy(aspect),
                    ownScores.get(aspect) / pieces,
                    otherScores.get(aspect) / pieces);
            if (aspect != Aspect.INSTRUMENTS) {
                counts.get(aspect).forEach((truth, found) -> out.printf(Locale.ROOT, "    %-12s %s%n", truth, found));
            }
        }
        out.printf(Locale.ROOT, "adherence to the own caption %.4f, to another %.4f%n", ownMean(), otherMean());
        return text.toString();
    }
}
