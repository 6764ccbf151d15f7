package org.encore.music.text;

import java.util.Optional;
import org.encore.music.Meter;

/** The metres a caption can ask for. */
public enum MeterKind {
    /** Three quarter notes a bar. */
    TRIPLE(Meter.THREE_FOUR),
    /** Four quarter notes a bar. */
    QUADRUPLE(Meter.FOUR_FOUR);

    private final Meter meter;

    MeterKind(Meter meter) {
        this.meter = meter;
    }

    /** The time signature. */
    public Meter meter() {
        return meter;
    }

    /** The kind of a time signature: three or six beats are triple, two or four quadruple, others neither. */
    public static Optional<MeterKind> of(Meter meter) {
        return switch (meter.beats()) {
            case 3, 6 -> Optional.of(TRIPLE);
            case 2, 4 -> Optional.of(QUADRUPLE);
            default -> Optional.empty();
        };
    }
}
