package org.encore.music;

import java.util.Locale;
import java.util.Optional;

/**
 * A General MIDI instrument, or the percussion kit.
 *
 * @param program General MIDI program, 0 to 127; 128 is the percussion kit (MIDI channel 10)
 */
public record Instrument(int program) {
    /** The percussion kit, whose pitches are keys of the General MIDI percussion map. */
    public static final Instrument DRUMS = new Instrument(128);

    public static final Instrument PIANO = new Instrument(0);

    public Instrument {
        if (program < 0 || program > 128) {
            throw new IllegalArgumentException("program is " + program + ", but must lie in [0, 128]");
        }
    }

    /** Finds an instrument by its {@link #name}, whatever the case and the spaces around it. */
    public static Optional<Instrument> byName(String name) {
        int program = GeneralMidi.NAMES.indexOf(name.strip().toLowerCase(Locale.ROOT));
        return program < 0 ? Optional.empty() : Optional.of(new Instrument(program));
    }

    public boolean isDrums() {
        return program == 128;
    }

    /** The General MIDI name in lower case, such as "acoustic grand piano", or "drums". */
    public String name() {
        return GeneralMidi.NAMES.get(program);
    }

    /** The group of related instruments it belongs to. */
    public InstrumentFamily family() {
        return InstrumentFamily.of(program);
    }
}
