package org.encore.music.text;

import java.util.Optional;
import org.encore.music.Meter;

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

    /** The time signature études have it in. */
    public Meter meter() {
        return new Meter(beats, 4);
    }

    /** The kind of a time signature: three beats are triple, four quadruple, whatever their unit; others are neither. */
    public static Optional<MeterKind> of(Meter meter) {
        return switch (meter.beats()) {
            case 3 -> Optional.of(TRIPLE);
            case 4 -> Optional.of(QUADRUPLE);
            default -> Optional.empty();
        };
    }
}
