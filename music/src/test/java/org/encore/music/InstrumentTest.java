package org.encore.music;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.encore.music.Instrument.Family;
import org.junit.jupiter.api.Test;

class InstrumentTest {
    @Test
    void namesAreThoseOfGeneralMidi() {
        // Programs as the General MIDI sound set counts them, less one.
        assertEquals("acoustic grand piano", new Instrument(0).name());
        assertEquals("vibraphone", new Instrument(11).name());
        assertEquals("acoustic bass", new Instrument(32).name());
        assertEquals("violin", new Instrument(40).name());
        assertEquals("trumpet", new Instrument(56).name());
        assertEquals("flute", new Instrument(73).name());
        assertEquals("new age pad", new Instrument(88).name());
        assertEquals("sitar", new Instrument(104).name());
        assertEquals("gunshot", new Instrument(127).name());
        assertEquals("drums", Instrument.DRUMS.name());
    }

    @Test
    void everyInstrumentIsFoundByItsOwnName() {
        Set<String> names = new HashSet<>();
        for (int program = 0; program <= 128; program++) {
            Instrument instrument = new Instrument(program);
            names.add(instrument.name());
            String shouted = " " + instrument.name().toUpperCase(Locale.ROOT);
            assertEquals(Optional.of(instrument), Instrument.byName(shouted));
        }
        assertEquals(129, names.size());
        assertEquals(Optional.empty(), Instrument.byName("kazoo"));
    }

    @Test
    void familiesHoldEightProgramsEach() {
        assertEquals(Family.PIANO, new Instrument(7).family());
        assertEquals(Family.CHROMATIC_PERCUSSION, new Instrument(8).family());
        assertEquals(Family.SYNTH_LEAD, new Instrument(80).family());
        assertEquals(Family.SOUND_EFFECTS, new Instrument(127).family());
        assertEquals(Family.DRUMS, Instrument.DRUMS.family());
        assertEquals("synth lead", Family.SYNTH_LEAD.label());
    }

    @Test
    void refusesProgramsOutsideTheRange() {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> new Instrument(129));
        assertEquals("program is 129, but must lie in [0, 128]", refusal.getMessage());
    }
}
