package org.encore.music;

import java.util.List;
import java.util.regex.Pattern;

/** The names of the General MIDI programs, in order, and of the percussion kit (General MIDI level 1, sound set). */
final class GeneralMidi {
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
