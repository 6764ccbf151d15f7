package org.encore.music.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.analysis.rules.BandRule;
import org.encore.music.analysis.rules.BeatRhythm;
import org.encore.music.analysis.rules.MeterRule;
import org.encore.music.analysis.rules.ModeRule;
import org.encore.music.analysis.rules.StyleRule;
import org.encore.music.analysis.rules.TextureRule;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Timbre;

/** Hears what one piece is like, by all rules. */
public final class PieceAnalyser {
    /** A value is named if it scores at least this. */
    private static final double CONVINCING = 0.5;

    /** A piece with fewer distinct onsets is too little music: all its scores shrink in proportion. */
    private static final int ENOUGH_ONSETS = 8;

    private final Piece piece;
    private final BeatRhythm rhythm;
    private final InstrumentRule instruments;
    private final ModeRule mode;
    private final TextureRule texture;
    private final MeterRule meter;
    private final StyleRule style;
    private final double substance;

    /** Listens to a piece; a few times its number of notes. */
    public PieceAnalyser(Piece piece) {
        this.piece = piece;
        this.rhythm = new BeatRhythm(piece);
        this.instruments = new InstrumentRule(piece);
        this.mode = new ModeRule(piece);
        this.texture = new TextureRule(piece);
        this.meter = new MeterRule(piece);
        this.style = new StyleRule(piece, rhythm, mode.tonic());
        this.substance = Math.min(1.0, (double) rhythm.onsets().size() / ENOUGH_ONSETS);
    }

    /** What a piece is like; values that do not convince are absent. */
    public static Attributes analyse(Piece piece) {
        return new PieceAnalyser(piece).attributes();
    }

    /** What the piece is like: of every aspect the best value, absent if it scores below one half. */
    public Attributes attributes() {
        return new Attributes(
                best(Style.values(), this::score),
                piece.notes().isEmpty() ? Set.of() : instruments.heard(),
                only(TempoBand.values(), band -> BandRule.of(band).contains(piece.tempoBpm())),
                best(Mode.values(), this::score),
                best(Texture.values(), this::score),
                only(Density.values(), band -> BandRule.of(band).contains(rhythm.onsetsPerBeat())),
                best(MeterKind.values(), this::score));
    }

    /** How well the piece fits a style, in [0, 1]. */
    public double score(Style value) {
        return substance * style.likeness(value);
    }

    /** How well the piece fits a set of instruments, in [0, 1]. */
    public double score(Set<Timbre> value) {
        return substance * instruments.score(value);
    }

    /** How well the piece fits a tempo, in [0, 1]. */
    public double score(TempoBand value) {
        return substance * BandRule.of(value).score(piece.tempoBpm());
    }

    /** How well the piece fits a mode, in [0, 1]. */
    public double score(Mode value) {
        return substance * mode.score(value);
    }

    /** How well the piece fits a texture, in [0, 1]. */
    public double score(Texture value) {
        return substance * texture.score(value);
    }

    /** How well the piece fits a density, in [0, 1]. */
    public double score(Density value) {
        return substance * BandRule.of(value).score(rhythm.onsetsPerBeat());
    }

    /** How well the piece fits a metre, in [0, 1]. */
    public double score(MeterKind value) {
        return substance * meter.score(value);
    }

    /** What was heard of an aspect, in words. */
    public String explanation(Aspect aspect) {
        return switch (aspect) {
            case STYLE -> style.explanation();
            case INSTRUMENTS -> instruments.explanation();
            case TEMPO -> piece.tempoBpm() + " beats a minute";
            case MODE -> mode.explanation();
            case TEXTURE -> texture.explanation();
            case DENSITY -> String.format(Locale.ROOT, "%.2f onsets a beat", rhythm.onsetsPerBeat());
            case METER -> meter.explanation();
        };
    }

    private <T> Optional<T> best(T[] values, ToDoubleFunction<T> score) {
        return Arrays.stream(values)
                .max(Comparator.comparingDouble(score))
                .filter(value -> score.applyAsDouble(value) >= CONVINCING);
    }

    private <T> Optional<T> only(T[] values, Predicate<T> fits) {
        return Arrays.stream(values)
                .filter(fits)
                .filter(value -> substance >= CONVINCING)
                .findFirst();
    }

    /**
     * Hears who plays, and how much of the piece.
     *
     * <p>Presence is {@code min(1, (notes - 1) / 3, share / 0.03)} where share is that of all notes: one note is not a
     * part. The score of a set is {@code 2 P R / (P + R)}: R the mean presence of those asked for, P their share of all
     * presence.
     */
    public static final class InstrumentRule {
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
            double all =
                    presence.values().stream().mapToDouble(Double::doubleValue).sum();
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
}
