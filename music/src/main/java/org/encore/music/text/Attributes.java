package org.encore.music.text;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.encore.music.Meter;

/**
 * Attributes of a piece, as requested or as true of it; an absent value is not mentioned.
 *
 * @param style manner of playing
 * @param instruments all instruments; empty when not mentioned
 * @param tempo speed
 * @param mode scale
 * @param texture how voices combine
 * @param density onsets a beat
 * @param meter beats a bar
 */
public record Attributes(
        Optional<Style> style,
        Set<Timbre> instruments,
        Optional<TempoBand> tempo,
        Optional<Mode> mode,
        Optional<Texture> texture,
        Optional<Density> density,
        Optional<MeterKind> meter) {
    /** Mentions nothing. */
    public static final Attributes NONE = new Attributes(
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** The seven aspects that a caption can mention. */
    public enum Aspect {
        STYLE,
        INSTRUMENTS,
        TEMPO,
        MODE,
        TEXTURE,
        DENSITY,
        METER
    }

    public Attributes {
        Set<Timbre> sorted = EnumSet.noneOf(Timbre.class);
        sorted.addAll(instruments);
        instruments = Collections.unmodifiableSet(sorted);
    }

    /** A copy that mentions this style. */
    public Attributes with(Style value) {
        return new Attributes(Optional.of(value), instruments, tempo, mode, texture, density, meter);
    }

    /** A copy that mentions these instruments. */
    public Attributes with(Set<Timbre> value) {
        return new Attributes(style, value, tempo, mode, texture, density, meter);
    }

    /** A copy that mentions this tempo. */
    public Attributes with(TempoBand value) {
        return new Attributes(style, instruments, Optional.of(value), mode, texture, density, meter);
    }

    /** A copy that mentions this mode. */
    public Attributes with(Mode value) {
        return new Attributes(style, instruments, tempo, Optional.of(value), texture, density, meter);
    }

    /** A copy that mentions this texture. */
    public Attributes with(Texture value) {
        return new Attributes(style, instruments, tempo, mode, Optional.of(value), density, meter);
    }

    /** A copy that mentions this density. */
    public Attributes with(Density value) {
        return new Attributes(style, instruments, tempo, mode, texture, Optional.of(value), meter);
    }

    /** A copy that mentions this metre. */
    public Attributes with(MeterKind value) {
        return new Attributes(style, instruments, tempo, mode, texture, density, Optional.of(value));
    }

    /** Whether an aspect is mentioned. */
    public boolean mentions(Aspect aspect) {
        return switch (aspect) {
            case STYLE -> style.isPresent();
            case INSTRUMENTS -> !instruments.isEmpty();
            case TEMPO -> tempo.isPresent();
            case MODE -> mode.isPresent();
            case TEXTURE -> texture.isPresent();
            case DENSITY -> density.isPresent();
            case METER -> meter.isPresent();
        };
    }

    /** The aspects that are mentioned, in declaration order. */
    public Set<Aspect> mentioned() {
        Set<Aspect> mentioned = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (mentions(aspect)) {
                mentioned.add(aspect);
            }
        }
        return mentioned;
    }

    /** A copy that takes some aspects, mentioned or not, from {@code others}. */
    public Attributes with(Attributes others, Set<Aspect> aspects) {
        return new Attributes(
                aspects.contains(Aspect.STYLE) ? others.style : style,
                aspects.contains(Aspect.INSTRUMENTS) ? others.instruments : instruments,
                aspects.contains(Aspect.TEMPO) ? others.tempo : tempo,
                aspects.contains(Aspect.MODE) ? others.mode : mode,
                aspects.contains(Aspect.TEXTURE) ? others.texture : texture,
                aspects.contains(Aspect.DENSITY) ? others.density : density,
                aspects.contains(Aspect.METER) ? others.meter : meter);
    }

    /** A copy that mentions no other aspects than these. */
    public Attributes only(Set<Aspect> aspects) {
        return new Attributes(
                style.filter(value -> aspects.contains(Aspect.STYLE)),
                aspects.contains(Aspect.INSTRUMENTS) ? instruments : Set.of(),
                tempo.filter(value -> aspects.contains(Aspect.TEMPO)),
                mode.filter(value -> aspects.contains(Aspect.MODE)),
                texture.filter(value -> aspects.contains(Aspect.TEXTURE)),
                density.filter(value -> aspects.contains(Aspect.DENSITY)),
                meter.filter(value -> aspects.contains(Aspect.METER)));
    }

    /** The value of an aspect in lower case, for tables and messages; instruments joined by {@code +}, absent is "-". */
    public String valueOf(Aspect aspect) {
        return switch (aspect) {
            case STYLE -> named(style);
            case INSTRUMENTS -> instruments.isEmpty() ? "-" : joined();
            case TEMPO -> named(tempo);
            case MODE -> named(mode);
            case TEXTURE -> named(texture);
            case DENSITY -> named(density);
            case METER -> named(meter);
        };
    }

    private String joined() {
        StringBuilder names = new StringBuilder();
        for (Timbre timbre : instruments) {
            names.append(names.length() == 0 ? "" : "+").append(lower(timbre));
        }
        return names.toString();
    }

    private static String named(Optional<? extends Enum<?>> value) {
        return value.map(Attributes::lower).orElse("-");
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Distinct onsets a quarter note; drums count, chords count once. */
    public enum Density {
        SPARSE,
        MEDIUM,
        DENSE
    }

    /** The scale above the tonic: major, minor (natural or harmonic), or modal (Dorian or Mixolydian). */
    public enum Mode {
        MAJOR,
        MINOR,
        MODAL
    }

    /** The tempo of the quarter notes. */
    public enum TempoBand {
        SLOW,
        MEDIUM,
        FAST
    }

    /** How many pitches sound together, and whether they move together; drums do not count. */
    public enum Texture {
        /** One pitch class at a time, by any instrument. */
        MONOPHONIC,
        /** Chords that start together under a melody. */
        HOMOPHONIC,
        /** Lines that overlap and start apart from each other. */
        POLYPHONIC
    }

    /** A manner of playing that can be recognised by rhythm and articulation alone, in any metre, tempo and mode. */
    public enum Style {
        /** Even values on the beat, legato, voices moving by step. */
        CHORALE,
        /** Dotted rhythms that lean into the next beat, detached, bass on the beat and chords after it. */
        MARCH,
        /** Short-long-short sixteenths over a striding bass. */
        RAGTIME,
        /** Shuffled triplets with blue notes. */
        BLUES,
        /** Rocking broken chords in full triplets, legato. */
        LULLABY,
        /** A pulse on every beat, short repeated notes. */
        TECHNO,
        /** Dotted groups of three sixteenths that jump over the second beat. */
        BOSSA,
        /** Short chords between the beats, even beats left silent. */
        REGGAE
    }

    /** The metres a caption can ask for. */
    public enum MeterKind {
        /** Three beats a bar. */
        TRIPLE(3),
        /** Four beats a bar. */
        QUADRUPLE(4);

        private final int beats;

        MeterKind(int beats) {
            this.beats = beats;
        }

        /** The time signature of études of this kind. */
        public Meter meter() {
            return new Meter(beats, 4);
        }

        /** The kind of a time signature: three beats are triple, four quadruple, of any unit; others are neither. */
        public static Optional<MeterKind> of(Meter meter) {
            return switch (meter.beats()) {
                case 3 -> Optional.of(TRIPLE);
                case 4 -> Optional.of(QUADRUPLE);
                default -> Optional.empty();
            };
        }
    }
}
