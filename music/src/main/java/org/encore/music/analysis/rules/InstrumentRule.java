package org.encore.music.analysis.rules;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.text.Timbre;

/**
 * Hears who plays, and how much of the piece.
 *
 * <p>Presence is {@code min(1, (notes - 1) / 3, share / 0.03)} where share is that of all notes: one note is not a
 * part. The score of a set is {@code 2 P R / (P + R)}: R the mean presence of those asked for, P their share of all
 * presence.
 */
public final class InstrumentRule {
    private static final double HEARD = 0.5;

    private final Map<Timbre, Double> presence = new EnumMap<>(Timbre.class);

    public InstrumentRule(Piece piece) {
        Map<Timbre, Integer> notes = new EnumMap<>(Timbre.class);
        for (Note note : piece.notes()) {
            notes.merge(Timbre.nearest(note.instrument()), 1, Integer::sum);
        }
        notes.forEach((timbre, count) -> {
            double share = (double) count / piece.notes().size();
            presence.put(timbre, Math.min(1.0, Math.min((count - 1) / 3.0, share / 0.03)));
        });
    }

    /** Those that are half present or more. */
    public Set<Timbre> heard() {
        Set<Timbre> heard = EnumSet.noneOf(Timbre.class);
        presence.forEach((timbre, amount) -> {
            if (amount >= HEARD) {
                heard.add(timbre);
            }
        });
        return heard;
    }

    /** The weighted F1 score of a set, in [0, 1]. */
    public double score(Set<Timbre> wanted) {
        double found = wanted.stream().mapToDouble(this::presenceOf).sum();
        double all = presence.values().stream().mapToDouble(Double::doubleValue).sum();
        if (found == 0.0) {
            return 0.0;
        }
        double recall = found / wanted.size();
        double precision = found / all;
        return 2.0 * precision * recall / (precision + recall);
    }

    /** What was heard, in words. */
    public String explanation() {
        StringBuilder heard = new StringBuilder("heard");
        presence.forEach((timbre, amount) -> heard.append(
                String.format(Locale.ROOT, " %s %.2f", timbre.name().toLowerCase(Locale.ROOT), amount)));
        return heard.toString();
    }

    private double presenceOf(Timbre timbre) {
        return presence.getOrDefault(timbre, 0.0);
    }
}
