package org.encore.steering.probes;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.encore.music.Piece;
import org.encore.music.analysis.PieceAnalyser;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Timbre;

/** A property of music that probes find and steering adds. */
public sealed interface Trait {
    /** Its name on the command line and in files: lower case letters, digits and hyphens. */
    String name();

    /**
     * An instrument: études that have it, and the same with its part removed.
     *
     * @param timbre the instrument
     */
    record Instrument(Timbre timbre) implements Known {
        @Override
        public String name() {
            return Trait.word(timbre);
        }

        @Override
        public boolean isIn(Attributes attributes) {
            return attributes.instruments().contains(timbre);
        }

        @Override
        public Attributes asked() {
            return Attributes.NONE.with(Set.of(timbre));
        }
    }

    /**
     * A value of an attribute: études that have it, and others that have another value.
     *
     * @param aspect style, tempo, mode, texture, density or meter
     * @param value the value in lower case, such as fast
     */
    record Attribute(Aspect aspect, String value) implements Known {
        public Attribute {
            if (aspect == Aspect.INSTRUMENTS) {
                throw new IllegalArgumentException("aspect is instruments, but one instrument is of kind instrument");
            }
            List<String> values = Arrays.stream(values(aspect)).map(Trait::word).toList();
            if (!values.contains(value)) {
                throw new IllegalArgumentException(
                        "value is \"" + value + "\", but must be one of " + String.join(", ", values));
            }
        }

        private static Enum<?>[] values(Aspect aspect) {
            return switch (aspect) {
                case STYLE -> Style.values();
                case TEMPO -> TempoBand.values();
                case MODE -> Mode.values();
                case TEXTURE -> Texture.values();
                case DENSITY -> Density.values();
                case METER -> MeterKind.values();
                case INSTRUMENTS -> Timbre.values();
            };
        }

        @Override
        public String name() {
            return Trait.word(aspect) + "-" + value;
        }

        @Override
        public boolean isIn(Attributes attributes) {
            return attributes.valueOf(aspect).equals(value);
        }

        @Override
        public Attributes asked() {
            String constant = value.toUpperCase(Locale.ROOT);
            return switch (aspect) {
                case STYLE -> Attributes.NONE.with(Style.valueOf(constant));
                case TEMPO -> Attributes.NONE.with(TempoBand.valueOf(constant));
                case MODE -> Attributes.NONE.with(Mode.valueOf(constant));
                case TEXTURE -> Attributes.NONE.with(Texture.valueOf(constant));
                case DENSITY -> Attributes.NONE.with(Density.valueOf(constant));
                case METER -> Attributes.NONE.with(MeterKind.valueOf(constant));
                case INSTRUMENTS -> throw new IllegalStateException("refused above");
            };
        }
    }

    /**
     * Files of one's own, MIDI or sound.
     *
     * @param name name of the trait: lower case letters, digits and hyphens
     * @param positives folder of files with the trait, searched recursively
     * @param negatives folder of files without it
     */
    record Folders(String name, Path positives, Path negatives) implements Trait {
        public Folders {
            if (!name.matches("[a-z0-9-]+")) {
                throw new IllegalArgumentException(
                        "name is \"" + name + "\", but must be lower case letters, digits and hyphens");
            }
        }
    }

    /** A trait whose truth about an étude is known, and which rules find in notes that no probe ever saw. */
    sealed interface Known extends Trait {
        /** Whether a piece of these attributes has the trait. */
        boolean isIn(Attributes attributes);

        /** Attributes that ask for the trait alone. */
        Attributes asked();

        /** Whether the rules find the trait in the notes. */
        default boolean isHeardIn(Piece piece) {
            return isIn(PieceAnalyser.analyse(piece));
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
