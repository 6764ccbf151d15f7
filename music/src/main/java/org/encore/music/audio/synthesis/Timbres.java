package org.encore.music.audio.synthesis;

import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.audio.synthesis.Spectrum.Formant;
import org.encore.music.audio.synthesis.Timbre.Envelope;

/** Which timbre plays which General MIDI program. */
final class Timbres {
    private static final List<Timbre> BY_PROGRAM =
            IntStream.range(0, 128).mapToObj(Timbres::timbre).toList();

    private Timbres() {}

    /** The timbre of a program in {@code [0, 127]}. */
    static Timbre of(int program) {
        return BY_PROGRAM.get(program);
    }

    private static Timbre timbre(int program) {
        return switch (program / 32) {
            case 0 -> keysAndGuitars(program);
            case 1 -> bassesStringsAndBrass(program);
            case 2 -> windsAndSynthesisers(program);
            default -> othersOfTheWorld(program);
        };
    }

    private static Timbre keysAndGuitars(int program) {
        return switch (program) {
            case 2 -> StruckTimbres.piano(1.2);
            case 3 -> StruckTimbres.piano(6.0);
            case 4, 5 -> StruckTimbres.electricPiano();
            case 6 -> StruckTimbres.harpsichord();
            case 7 -> StruckTimbres.clavinet();
            case 8, 10 -> StruckTimbres.celesta();
            case 9 -> StruckTimbres.glockenspiel();
            case 11 -> StruckTimbres.vibraphone();
            case 12 -> StruckTimbres.woodenBar(3.93, 0.45).scaled(1.2);
            case 13 -> StruckTimbres.woodenBar(3.0, 0.22).scaled(1.5);
            case 14 -> StruckTimbres.bell(2.5);
            case 15 -> StruckTimbres.harpsichord().scaled(1.4);
            case 16, 17, 18 -> HeldTimbres.drawbarOrgan();
            case 19 -> HeldTimbres.churchOrgan();
            case 20, 22 -> HeldTimbres.freeReed(1.5);
            case 21, 23 -> HeldTimbres.freeReed(6.0);
            case 24 -> StruckTimbres.nylonGuitar();
            case 25 -> StruckTimbres.steelGuitar();
            case 26, 27 -> StruckTimbres.electricGuitar(1.4);
            case 28 -> StruckTimbres.electricGuitar(0.12).scaled(1.6);
            case 29 -> HeldTimbres.distortedGuitar(0.5);
            case 30 -> HeldTimbres.distortedGuitar(1.0);
            case 31 -> StruckTimbres.celesta();
            default -> StruckTimbres.piano(0.6);
        };
    }

    private static Timbre bassesStringsAndBrass(int program) {
        return switch (program) {
            case 32 -> StruckTimbres.acousticBass();
            case 33, 35 -> StruckTimbres.electricBass(0.18);
            case 34 -> StruckTimbres.electricBass(0.32);
            case 36, 37 -> StruckTimbres.electricBass(0.5);
            case 38, 39 -> StruckTimbres.synthBass();
            case 44 -> HeldTimbres.strings(0.05).tremolo(0.6, 9.0).scaled(1.4);
            case 45 -> StruckTimbres.plucked(0.22).scaled(1.3);
            case 46 -> StruckTimbres.plucked(1.2);
            case 47 -> StruckTimbres.tunedSkin(0.9);
            case 48 -> HeldTimbres.strings(0.11);
            case 49 -> HeldTimbres.strings(0.25);
            case 50, 51 -> HeldTimbres.pad(Spectrum.harmonics(1, 24, 1.0), 0.12);
            case 52 ->
                HeldTimbres.choir(new Formant(750.0, 220.0, 1.0), new Formant(1150.0, 260.0, 0.6))
                        .scaled(0.9);
            case 53 -> HeldTimbres.choir(new Formant(420.0, 180.0, 1.0), new Formant(850.0, 240.0, 0.5));
            case 54 -> HeldTimbres.choir(new Formant(550.0, 250.0, 1.0), new Formant(1700.0, 400.0, 0.5));
            case 55 -> HeldTimbres.brassSection();
            case 56 -> HeldTimbres.brass(0.2, 0.65, 0.022);
            case 57 -> HeldTimbres.brass(0.4, 0.50, 0.035);
            case 58 -> HeldTimbres.brass(0.8, 0.22, 0.045);
            case 59 -> HeldTimbres.mutedBrass().scaled(0.8);
            case 60 -> HeldTimbres.brass(0.9, 0.18, 0.05);
            case 61, 62, 63 -> HeldTimbres.brassSection();
            default -> HeldTimbres.bowed().scaled(0.75);
        };
    }

    private static Timbre windsAndSynthesisers(int program) {
        return switch (program) {
            case 64, 65, 66, 67 -> HeldTimbres.saxophone();
            case 68 -> HeldTimbres.doubleReed(1200.0);
            case 69 -> HeldTimbres.doubleReed(950.0);
            case 70 -> HeldTimbres.doubleReed(500.0);
            case 71 -> HeldTimbres.clarinet();
            case 72, 73, 74 -> HeldTimbres.flute(0.05, 0.30);
            case 75, 76, 77 -> HeldTimbres.flute(0.22, 0.12);
            case 78, 79 -> HeldTimbres.flute(0.03, 0.06);
            case 80, 82, 83 -> HeldTimbres.squareLead();
            case 84 -> HeldTimbres.distortedGuitar(0.7);
            case 85 -> HeldTimbres.choir(new Formant(750.0, 220.0, 1.0), new Formant(1150.0, 260.0, 0.6));
            case 86 -> HeldTimbres.sawLead(1.5);
            case 87 -> HeldTimbres.sawLead(0.5);
            case 88 -> HeldTimbres.shimmer(4.0, 0.05);
            case 89 -> HeldTimbres.pad(Spectrum.harmonics(1, 8, 1.4), 0.3);
            case 90 -> HeldTimbres.pad(Spectrum.harmonics(1, 28, 0.9), 0.06);
            case 91 -> HeldTimbres.choir(new Formant(600.0, 250.0, 1.0), new Formant(1000.0, 300.0, 0.4));
            case 92 -> HeldTimbres.pad(Spectrum.harmonics(1, 16, 1.2).evenLevel(0.3), 0.3);
            case 93 -> HeldTimbres.shimmer(5.4, 0.05);
            case 94, 95 -> HeldTimbres.pad(Spectrum.harmonics(1, 20, 1.1), 0.4);
            default -> HeldTimbres.sawLead(1.0);
        };
    }

    private static Timbre othersOfTheWorld(int program) {
        return switch (program) {
            case 96, 97, 98, 99 -> HeldTimbres.shimmer(program - 90.63, 0.25);
            case 100, 101, 102, 103 -> HeldTimbres.shimmer(program - 97.5, 0.15);
            case 104 -> StruckTimbres.twang(1.4, 0.8).vibrato(9.0, 4.0);
            case 105 -> StruckTimbres.twang(0.35, 0.30).scaled(1.4);
            case 106 -> StruckTimbres.twang(0.30, 0.40).scaled(1.4);
            case 107 -> StruckTimbres.twang(0.9, 0.25);
            case 108 -> StruckTimbres.woodenBar(5.4, 0.6);
            case 109 -> HeldTimbres.freeReed(3.0);
            case 110 -> HeldTimbres.bowed().scaled(0.75);
            case 111 -> HeldTimbres.doubleReed(1400.0).scaled(0.75);
            case 112 -> StruckTimbres.bell(0.7);
            case 113 -> StruckTimbres.tick(1.51, 0.18).scaled(1.6);
            case 114 -> StruckTimbres.steelPan();
            case 115 -> StruckTimbres.tick(2.3, 0.035).scaled(2.0);
            case 116 -> StruckTimbres.tunedSkin(0.5);
            case 117, 118 -> StruckTimbres.tunedSkin(0.3);
            case 119 -> HeldTimbres.noise(3000.0, 12000.0, new Envelope(0.9, 0.1, 0.0, 0.05));
            case 120 -> StruckTimbres.tick(3.7, 0.03);
            case 121 -> HeldTimbres.noise(900.0, 5000.0, new Envelope(0.08, 0.3, 0.3, 0.1));
            case 122 -> HeldTimbres.noise(150.0, 2500.0, new Envelope(0.6, 2.0, 0.5, 0.6));
            case 123, 124 -> StruckTimbres.tick(1.33, 0.12);
            case 125 ->
                HeldTimbres.noise(60.0, 800.0, new Envelope(0.2, 1.0, 1.0, 0.3)).tremolo(0.9, 11.0);
            case 126 -> HeldTimbres.noise(800.0, 6000.0, new Envelope(0.3, 1.0, 1.0, 0.4));
            default -> HeldTimbres.noise(100.0, 4000.0, new Envelope(0.001, 0.18, 0.0, 0.1));
        };
    }
}
