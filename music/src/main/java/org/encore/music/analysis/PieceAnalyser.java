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

/** Finds the attributes of one piece by all rules. */
public final class PieceAnalyser {
    /** The least score of a value that counts as found. */
    private static final double CONVINCING = 0.5;

    /** All scores of a piece with fewer distinct onsets shrink in proportion. */
    private static final int ENOUGH_ONSETS = 8;

    private final Piece piece;
    private final BeatRhythm rhythm;
    private final InstrumentRule instruments;
    private final ModeRule mode;
    private final TextureRule texture;
    private final MeterRule meter;
    private final StyleRule style;
    private final double substance;

    /** Analyses a piece in time proportional to its number of notes. */
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

    /** The attributes of a piece; values that score below one half are absent. */
    public static Attributes analyse(Piece piece) {
        return new PieceAnalyser(piece).attributes();
    }

    /** The best value of every aspect; absent if it scores below one half. */
    public Attributes attributes() {
        return new Attributes(
                best(Style.values(), this::score),
                piece.notes().isEmpty() ? Set.of() : instruments.present(),
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

    /** What was found for an aspect, in words. */
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
     * Finds the instruments and how much of the piece each plays.
     *
     * <p>Presence is {@code min(1, (notes - 1) / 3, share / 0.03)} where share is its share of all notes: a single note counts as absent. The score of a set is {@code 2 P R / (P + R)}: R the mean presence of the instruments asked for, P their share of all presence.
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

        /** The instruments whose presence is at least one half. */
        public Set<Timbre> present() {
            Set<Timbre> present = EnumSet.noneOf(Timbre.class);
            presence.forEach((timbre, amount) -> {
                if (amount >= HEARD) {
                    present.add(timbre);
                }
            });
            return present;
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

        /** What was found, in words. */
        public String explanation() {
            StringBuilder text = new StringBuilder("found");
            presence.forEach((timbre, amount) -> text.append(
                    String.format(Locale.ROOT, " %s %.2f", timbre.name().toLowerCase(Locale.ROOT), amount)));
            return text.toString();
        }

        private double presenceOf(Timbre timbre) {
            return presence.getOrDefault(timbre, 0.0);
        }
    }
}
