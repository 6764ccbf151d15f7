package org.encore.music;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

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

    /** Finds an instrument by its {@link #name}, ignoring case and surrounding spaces. */
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
    public Family family() {
        return Family.of(program);
    }

    /** The names of the General MIDI programs, in order, and of the percussion kit (General MIDI level 1, sound set). */
    static final class GeneralMidi {
        private static final String SOUND_SET =
                """
                acoustic grand piano, bright acoustic piano, electric grand piano, honky-tonk piano,
                electric piano 1, electric piano 2, harpsichord, clavinet,
                celesta, glockenspiel, music box, vibraphone,
                marimba, xylophone, tubular bells, dulcimer,
                drawbar organ, percussive organ, rock organ, church organ,
                reed organ, accordion, harmonica, bandoneon,
                acoustic guitar (nylon), acoustic guitar (steel), electric guitar (jazz), electric guitar (clean),
                electric guitar (muted), overdriven guitar, distortion guitar, guitar harmonics,
                acoustic bass, electric bass (finger), electric bass (pick), fretless bass,
                slap bass 1, slap bass 2, synth bass 1, synth bass 2,
                violin, viola, cello, contrabass,
                tremolo strings, pizzicato strings, orchestral harp, timpani,
                string ensemble 1, string ensemble 2, synth strings 1, synth strings 2,
                choir aahs, voice oohs, synth voice, orchestra hit,
                trumpet, trombone, tuba, muted trumpet,
                french horn, brass section, synth brass 1, synth brass 2,
                soprano sax, alto sax, tenor sax, baritone sax,
                oboe, english horn, bassoon, clarinet,
                piccolo, flute, recorder, pan flute,
                blown bottle, shakuhachi, whistle, ocarina,
                square lead, sawtooth lead, calliope lead, chiff lead,
                charang lead, voice lead, fifths lead, bass and lead,
                new age pad, warm pad, polysynth pad, choir pad,
                bowed pad, metallic pad, halo pad, sweep pad,
                rain effect, soundtrack effect, crystal effect, atmosphere effect,
                brightness effect, goblins effect, echoes effect, sci-fi effect,
                sitar, banjo, shamisen, koto,
                kalimba, bagpipe, fiddle, shanai,
                tinkle bell, agogo, steel drums, woodblock,
                taiko drum, melodic tom, synth drum, reverse cymbal,
                guitar fret noise, breath noise, seashore, bird tweet,
                telephone ring, helicopter, applause, gunshot,
                drums
                """;

        /** Index is the program, 0 to 128. */
        static final List<String> NAMES =
                Pattern.compile(",\\s*").splitAsStream(SOUND_SET.strip()).toList();

        private GeneralMidi() {}
    }

    /** The sixteen families of General MIDI, eight programs each, and the percussion kit. */
    public enum Family {
        PIANO,
        CHROMATIC_PERCUSSION,
        ORGAN,
        GUITAR,
        BASS,
        STRINGS,
        ENSEMBLE,
        BRASS,
        REED,
        PIPE,
        SYNTH_LEAD,
        SYNTH_PAD,
        SYNTH_EFFECTS,
        ETHNIC,
        PERCUSSIVE,
        SOUND_EFFECTS,
        DRUMS;

        /** The family in words, such as "synth lead". */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        static Family of(int program) {
            return values()[program / 8];
        }
    }
}
