package org.encore.music.analysis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.encore.music.Piece;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;

/**
 * Whether a piece follows its caption: one verdict for each aspect that the caption mentions.
 *
 * @param verdicts in the order of {@link Aspect}
 */
public record Adherence(Map<Aspect, Verdict> verdicts) {
    /**
     * The result for one aspect.
     *
     * @param score in [0, 1]; 1 is a full match
     * @param explanation what was asked and what was found, one line
     */
    public record Verdict(double score, String explanation) {}

    public Adherence {
        Map<Aspect, Verdict> sorted = new EnumMap<>(Aspect.class);
        sorted.putAll(verdicts);
        verdicts = Collections.unmodifiableMap(sorted);
    }

    /** Scores a piece. */
    public static Adherence of(Attributes asked, Piece piece) {
        PieceAnalyser analyser = new PieceAnalyser(piece);
        Map<Aspect, Verdict> verdicts = new EnumMap<>(Aspect.class);
        for (Aspect aspect : asked.mentioned()) {
            double score = score(asked, aspect, analyser);
            String explanation =
                    String.format(Locale.ROOT, "asked for %s: %s", asked.valueOf(aspect), analyser.explanation(aspect));
            verdicts.put(aspect, new Verdict(score, explanation));
        }
        return new Adherence(verdicts);
    }

    /** The mean score, in [0, 1]; 0 if nothing was asked. */
    public double mean() {
        return verdicts.values().stream().mapToDouble(Verdict::score).average().orElse(0.0);
    }

    private static double score(Attributes asked, Aspect aspect, PieceAnalyser analyser) {
        return switch (aspect) {
            case STYLE -> analyser.score(asked.style().orElseThrow());
            case INSTRUMENTS -> analyser.score(asked.instruments());
            case TEMPO -> analyser.score(asked.tempo().orElseThrow());
            case MODE -> analyser.score(asked.mode().orElseThrow());
            case TEXTURE -> analyser.score(asked.texture().orElseThrow());
            case DENSITY -> analyser.score(asked.density().orElseThrow());
            case METER -> analyser.score(asked.meter().orElseThrow());
        };
    }
}
