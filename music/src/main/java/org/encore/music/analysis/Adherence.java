package org.encore.music.analysis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.encore.music.Piece;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;

/**
 * Whether a piece does what was asked: one verdict for every aspect that was mentioned, none for the others.
 *
 * @param verdicts in the order of {@link Aspect}
 */
public record Adherence(Map<Aspect, Verdict> verdicts) {
    /**
     * The judgement on one aspect.
     *
     * @param score in [0, 1], 1 is as asked
     * @param explanation what was asked and what was heard, one line
     */
    public record Verdict(double score, String explanation) {}

    public Adherence {
        Map<Aspect, Verdict> sorted = new EnumMap<>(Aspect.class);
        sorted.putAll(verdicts);
        verdicts = Collections.unmodifiableMap(sorted);
    }

    /** Judges a piece. */
    public static Adherence of(Attributes asked, Piece piece) {
        PieceAnalyser heard = new PieceAnalyser(piece);
        Map<Aspect, Verdict> verdicts = new EnumMap<>(Aspect.class);
        for (Aspect aspect : asked.mentioned()) {
            double score = score(asked, aspect, heard);
            String explanation =
                    String.format(Locale.ROOT, "asked for %s: %s", asked.valueOf(aspect), heard.explanation(aspect));
            verdicts.put(aspect, new Verdict(score, explanation));
        }
        return new Adherence(verdicts);
    }

    /** The mean score, in [0, 1]; 0 if nothing was asked. */
    public double mean() {
        return verdicts.values().stream().mapToDouble(Verdict::score).average().orElse(0.0);
    }

    private static double score(Attributes asked, Aspect aspect, PieceAnalyser heard) {
        return switch (aspect) {
            case STYLE -> heard.score(asked.style().orElseThrow());
            case INSTRUMENTS -> heard.score(asked.instruments());
            case TEMPO -> heard.score(asked.tempo().orElseThrow());
            case MODE -> heard.score(asked.mode().orElseThrow());
            case TEXTURE -> heard.score(asked.texture().orElseThrow());
            case DENSITY -> heard.score(asked.density().orElseThrow());
            case METER -> heard.score(asked.meter().orElseThrow());
        };
    }
}
