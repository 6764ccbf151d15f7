package org.encore.music.audio.synthesis;

import java.util.List;
import java.util.stream.IntStream;
import org.encore.music.audio.synthesis.Patch.Envelope;
import org.encore.music.audio.synthesis.Patch.Spectrum;
import org.encore.music.audio.synthesis.Patch.Spectrum.Formant;

/** The timbre of each General MIDI program. */
final class Patches {
    private static final List<Patch> BY_PROGRAM =
            IntStream.range(0, 128).mapToObj(Patches::timbre).toList();

    private Patches() {}

    /** The timbre of a program in {@code [0, 127]}. */
    static Patch of(int program) {
        return BY_PROGRAM.get(program);
    }

    private static Patch timbre(int program) {
        return switch (program / 32) {
            case 0 -> keysAndGuitars(program);
            case 1 -> bassesStringsAndBrass(program);
            case 2 -> windsAndSynthesisers(program);
            default -> othersOfTheWorld(program);
        };
    }

    private static Patch keysAndGuitars(int program) {
        return switch (program) {
            case 2 -> StruckPatches.piano(1.2);
            case 3 -> StruckPatches.piano(6.0);
            case 4, 5 -> StruckPatches.electricPiano();
            case 6 -> StruckPatches.harpsichord();
            case 7 -> StruckPatches.clavinet();
            case 8, 10 -> StruckPatches.celesta();
            case 9 -> StruckPatches.glockenspiel();
            case 11 -> StruckPatches.vibraphone();
            case 12 -> StruckPatches.woodenBar(3.93, 0.45).scaled(1.2);
            case 13 -> StruckPatches.woodenBar(3.0, 0.22).scaled(1.5);
            case 14 -> StruckPatches.bell(2.5);
            case 15 -> StruckPatches.harpsichord().scaled(1.4);
            case 16, 17, 18 -> HeldPatches.drawbarOrgan();
            case 19 -> HeldPatches.churchOrgan();
            case 20, 22 -> HeldPatches.freeReed(1.5);
            case 21, 23 -> HeldPatches.freeReed(6.0);
            case 24 -> StruckPatches.nylonGuitar();
            case 25 -> StruckPatches.steelGuitar();
            case 26, 27 -> StruckPatches.electricGuitar(1.4);
            case 28 -> StruckPatches.electricGuitar(0.12).scaled(1.6);
            case 29 -> HeldPatches.distortedGuitar(0.5);
            case 30 -> HeldPatches.distortedGuitar(1.0);
            case 31 -> StruckPatches.celesta();
            default -> StruckPatches.piano(0.6);
        };
    }

    private static Patch bassesStringsAndBrass(int program) {
        return switch (program) {
            case 32 -> StruckPatches.acousticBass();
            case 33, 35 -> StruckPatches.electricBass(0.18);
            case 34 -> StruckPatches.electricBass(0.32);
            case 36, 37 -> StruckPatches.electricBass(0.5);
            case 38, 39 -> StruckPatches.synthBass();
            case 44 -> HeldPatches.strings(0.05).tremolo(0.6, 9.0).scaled(1.4);
            case 45 -> StruckPatches.plucked(0.22).scaled(1.3);
            case 46 -> StruckPatches.plucked(1.2);
            case 47 -> StruckPatches.tunedSkin(0.9);
            case 48 -> HeldPatches.strings(0.11);
            case 49 -> HeldPatches.strings(0.25);
            case 50, 51 -> HeldPatches.pad(Spectrum.harmonics(1, 24, 1.0), 0.12);
            case 52 ->
                HeldPatches.choir(new Formant(750.0, 220.0, 1.0), new Formant(1150.0, 260.0, 0.6))
                        .scaled(0.9);
            case 53 -> HeldPatches.choir(new Formant(420.0, 180.0, 1.0), new Formant(850.0, 240.0, 0.5));
            case 54 -> HeldPatches.choir(new Formant(550.0, 250.0, 1.0), new Formant(1700.0, 400.0, 0.5));
            case 55 -> HeldPatches.brassSection();
            case 56 -> HeldPatches.brass(0.2, 0.65, 0.022);
            case 57 -> HeldPatches.brass(0.4, 0.50, 0.035);
            case 58 -> HeldPatches.brass(0.8, 0.22, 0.045);
            case 59 -> HeldPatches.mutedBrass().scaled(0.8);
            case 60 -> HeldPatches.brass(0.9, 0.18, 0.05);
            case 61, 62, 63 -> HeldPatches.brassSection();
            default -> HeldPatches.bowed().scaled(0.75);
        };
    }

    private static Patch windsAndSynthesisers(int program) {
        return switch (program) {
            case 64, 65, 66, 67 -> HeldPatches.saxophone();
            case 68 -> HeldPatches.doubleReed(1200.0);
            case 69 -> HeldPatches.doubleReed(950.0);
            case 70 -> HeldPatches.doubleReed(500.0);
            case 71 -> HeldPatches.clarinet();
            case 72, 73, 74 -> HeldPatches.flute(0.05, 0.30);
            case 75, 76, 77 -> HeldPatches.flute(0.22, 0.12);
            case 78, 79 -> HeldPatches.flute(0.03, 0.06);
            case 80, 82, 83 -> HeldPatches.squareLead();
            case 84 -> HeldPatches.distortedGuitar(0.7);
            case 85 -> HeldPatches.choir(new Formant(750.0, 220.0, 1.0), new Formant(1150.0, 260.0, 0.6));
            case 86 -> HeldPatches.sawLead(1.5);
            case 87 -> HeldPatches.sawLead(0.5);
            case 88 -> HeldPatches.shimmer(4.0, 0.05);
            case 89 -> HeldPatches.pad(Spectrum.harmonics(1, 8, 1.4), 0.3);
            case 90 -> HeldPatches.pad(Spectrum.harmonics(1, 28, 0.9), 0.06);
            case 91 -> HeldPatches.choir(new Formant(600.0, 250.0, 1.0), new Formant(1000.0, 300.0, 0.4));
            case 92 -> HeldPatches.pad(Spectrum.harmonics(1, 16, 1.2).evenLevel(0.3), 0.3);
            case 93 -> HeldPatches.shimmer(5.4, 0.05);
            case 94, 95 -> HeldPatches.pad(Spectrum.harmonics(1, 20, 1.1), 0.4);
            default -> HeldPatches.sawLead(1.0);
        };
    }

    private static Patch othersOfTheWorld(int program) {
        return switch (program) {
            case 96, 97, 98, 99 -> HeldPatches.shimmer(program - 90.63, 0.25);
            case 100, 101, 102, 103 -> HeldPatches.shimmer(program - 97.5, 0.15);
            case 104 -> StruckPatches.twang(1.4, 0.8).vibrato(9.0, 4.0);
            case 105 -> StruckPatches.twang(0.35, 0.30).scaled(1.4);
            case 106 -> StruckPatches.twang(0.30, 0.40).scaled(1.4);
            case 107 -> StruckPatches.twang(0.9, 0.25);
            case 108 -> StruckPatches.woodenBar(5.4, 0.6);
            case 109 -> HeldPatches.freeReed(3.0);
            case 110 -> HeldPatches.bowed().scaled(0.75);
            case 111 -> HeldPatches.doubleReed(1400.0).scaled(0.75);
            case 112 -> StruckPatches.bell(0.7);
            case 113 -> StruckPatches.tick(1.51, 0.18).scaled(1.6);
            case 114 -> StruckPatches.steelPan();
            case 115 -> StruckPatches.tick(2.3, 0.035).scaled(2.0);
            case 116 -> StruckPatches.tunedSkin(0.5);
            case 117, 118 -> StruckPatches.tunedSkin(0.3);
            case 119 -> HeldPatches.noise(3000.0, 12000.0, new Envelope(0.9, 0.1, 0.0, 0.05));
            case 120 -> StruckPatches.tick(3.7, 0.03);
            case 121 -> HeldPatches.noise(900.0, 5000.0, new Envelope(0.08, 0.3, 0.3, 0.1));
            case 122 -> HeldPatches.noise(150.0, 2500.0, new Envelope(0.6, 2.0, 0.5, 0.6));
            case 123, 124 -> StruckPatches.tick(1.33, 0.12);
            case 125 ->
                HeldPatches.noise(60.0, 800.0, new Envelope(0.2, 1.0, 1.0, 0.3)).tremolo(0.9, 11.0);
            case 126 -> HeldPatches.noise(800.0, 6000.0, new Envelope(0.3, 1.0, 1.0, 0.4));
            default -> HeldPatches.noise(100.0, 4000.0, new Envelope(0.001, 0.18, 0.0, 0.1));
        };
    }
}
