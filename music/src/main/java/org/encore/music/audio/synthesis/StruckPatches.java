package org.encore.music.audio.synthesis;

import static org.encore.music.audio.synthesis.Patch.Spectrum.SINE;
import static org.encore.music.audio.synthesis.Patch.Spectrum.harmonics;

import org.encore.music.audio.synthesis.Patch.Envelope;
import org.encore.music.audio.synthesis.Patch.Layer;
import org.encore.music.audio.synthesis.Patch.Spectrum.Formant;
import org.encore.music.audio.synthesis.Patch.Spectrum.Noise;

/**
 * Patches that are struck once and fade: keys, bars, bells and strings that are struck or plucked.
 *
 * <p>The overtones of bars and bells are those of Fletcher and Rossing, The Physics of Musical Instruments (1998).
 */
final class StruckPatches {
    /** The thump of a hammer or a mallet. */
    private static final Noise KNOCK = new Noise(80.0, 900.0);

    /** The air in the body of a guitar. */
    private static final Noise BODY = new Noise(70.0, 260.0);

    private static final Noise CLICK = new Noise(1500.0, 6000.0);

    private StruckPatches() {}

    /** Two strings a key, slightly out of tune, whose upper partials fade first. */
    static Patch piano(double detuneCents) {
        return Patch.struck(
                Layer.of(harmonics(1, 8, 0.85), 0.62, ringing(0.002, 1.1, 0.09)).detuned(-detuneCents),
                Layer.of(harmonics(1, 6, 1.1), 0.52, ringing(0.003, 2.4, 0.10)).detuned(detuneCents),
                Layer.of(harmonics(6, 32, 0.7), 0.30, ringing(0.001, 0.5, 0.06)).bright(1.2),
                Layer.of(KNOCK, 0.10, ringing(0.001, 0.025, 0.02)).bright(0.8));
    }

    /** A tine with its bell-like strike. */
    static Patch electricPiano() {
        return Patch.struck(
                        Layer.of(harmonics(1, 4, 1.9), 0.9, ringing(0.003, 1.8, 0.12)),
                        Layer.of(harmonics(2, 8, 1.0), 0.25, ringing(0.002, 0.5, 0.08))
                                .bright(1.8),
                        Layer.of(SINE, 0.16, ringing(0.001, 0.13, 0.05))
                                .at(14.0)
                                .bright(1.0))
                .tremolo(0.22, 4.6);
    }

    /** A plectrum near the end of the string. */
    static Patch harpsichord() {
        return Patch.struck(
                Layer.of(harmonics(1, 40, 0.55), 0.55, ringing(0.001, 0.55, 0.05)),
                Layer.of(harmonics(1, 8, 0.7), 0.35, ringing(0.002, 1.3, 0.07)).at(2.0),
                Layer.of(CLICK, 0.12, ringing(0.001, 0.01, 0.01)));
    }

    static Patch clavinet() {
        return Patch.struck(
                Layer.of(harmonics(1, 30, 0.7).evenLevel(0.35), 0.8, ringing(0.001, 0.6, 0.03)),
                Layer.of(harmonics(7, 40, 0.5), 0.35, ringing(0.001, 0.15, 0.02))
                        .bright(1.0));
    }

    /** A small metal plate over a box: celesta, music box. */
    static Patch celesta() {
        return Patch.struck(
                Layer.of(SINE, 0.9, ringing(0.002, 1.0, 0.5)),
                Layer.of(SINE, 0.28, ringing(0.001, 0.35, 0.2)).at(4.0).bright(0.8),
                Layer.of(SINE, 0.10, ringing(0.001, 0.12, 0.1)).at(9.2).bright(1.0));
    }

    /** A free metal bar. */
    static Patch glockenspiel() {
        return Patch.struck(
                Layer.of(SINE, 0.8, ringing(0.001, 1.6, 1.0)),
                Layer.of(SINE, 0.35, ringing(0.001, 0.5, 0.4)).at(2.756),
                Layer.of(SINE, 0.22, ringing(0.001, 0.2, 0.2)).at(5.404).bright(1.0));
    }

    /** A tuned metal bar over a resonator with a turning vane. */
    static Patch vibraphone() {
        return Patch.struck(
                        Layer.of(SINE, 0.95, ringing(0.002, 2.4, 0.35)),
                        Layer.of(SINE, 0.25, ringing(0.001, 0.7, 0.2)).at(4.0).bright(0.8),
                        Layer.of(SINE, 0.08, ringing(0.001, 0.15, 0.1)).at(10.0).bright(1.0))
                .tremolo(0.5, 5.2);
    }

    /** A tuned wooden bar; a xylophone's second overtone is a twelfth up, a marimba's two octaves. */
    static Patch woodenBar(double overtone, double decay) {
        return Patch.struck(
                Layer.of(SINE, 1.0, ringing(0.001, decay, 0.12)),
                Layer.of(SINE, 0.40, ringing(0.001, decay * 0.35, 0.06))
                        .at(overtone)
                        .bright(0.7),
                Layer.of(SINE, 0.15, ringing(0.001, decay * 0.15, 0.03)).at(9.4).bright(1.0),
                Layer.of(KNOCK, 0.18, ringing(0.001, 0.012, 0.01)));
    }

    /** A bell, whose strike note is perceived an octave below its strongest partial. */
    static Patch bell(double decay) {
        return Patch.struck(
                Layer.of(SINE, 0.55, ringing(0.002, decay, 0.9)),
                Layer.of(SINE, 0.45, ringing(0.002, decay * 0.8, 0.7)).at(2.0),
                Layer.of(SINE, 0.35, ringing(0.001, decay * 0.6, 0.6)).at(2.99),
                Layer.of(SINE, 0.30, ringing(0.001, decay * 0.4, 0.4)).at(4.17).bright(0.5),
                Layer.of(SINE, 0.20, ringing(0.001, decay * 0.2, 0.3)).at(5.43).bright(0.8));
    }

    static Patch nylonGuitar() {
        return Patch.struck(
                Layer.of(harmonics(1, 5, 1.6), 0.85, ringing(0.004, 0.55, 0.12)),
                Layer.of(harmonics(2, 12, 1.3).evenLevel(0.5), 0.35, ringing(0.002, 0.16, 0.06))
                        .bright(0.9),
                Layer.of(BODY, 0.22, ringing(0.002, 0.06, 0.05)));
    }

    static Patch steelGuitar() {
        return Patch.struck(
                Layer.of(harmonics(1, 7, 0.9), 0.7, ringing(0.002, 1.3, 0.09)).detuned(-0.8),
                Layer.of(harmonics(4, 30, 0.8), 0.45, ringing(0.001, 0.5, 0.06)).bright(0.8),
                Layer.of(CLICK, 0.08, ringing(0.001, 0.01, 0.01)).bright(0.5));
    }

    static Patch electricGuitar(double decay) {
        return Patch.struck(
                Layer.of(harmonics(1, 8, 1.2).evenLevel(0.8), 0.85, ringing(0.003, decay, 0.08)),
                Layer.of(harmonics(2, 18, 1.0), 0.30, ringing(0.001, decay * 0.4, 0.05))
                        .bright(1.0));
    }

    /** A harp, or a string plucked with the finger. */
    static Patch plucked(double decay) {
        return Patch.struck(
                Layer.of(harmonics(1, 4, 1.4), 0.9, ringing(0.003, decay, 0.25)),
                Layer.of(harmonics(2, 14, 1.2), 0.30, ringing(0.002, decay * 0.3, 0.12))
                        .bright(0.8),
                Layer.of(KNOCK, 0.08, ringing(0.001, 0.02, 0.02)));
    }

    /** A plucked string over a skin or a buzzing bridge: banjo, shamisen, sitar, koto. */
    static Patch twang(double decay, double buzz) {
        return Patch.struck(
                Layer.of(harmonics(1, 10, 0.6), 0.6, ringing(0.002, decay, 0.08)),
                Layer.of(
                                harmonics(3, 36, 0.4).formants(new Formant(2600.0, 1500.0, 1.0)),
                                buzz,
                                ringing(0.001, decay * 0.7, 0.06))
                        .bright(0.5),
                Layer.of(CLICK, 0.10, ringing(0.001, 0.012, 0.01)));
    }

    static Patch acousticBass() {
        return Patch.struck(
                Layer.of(harmonics(1, 3, 1.4), 0.95, ringing(0.008, 0.6, 0.06)),
                Layer.of(harmonics(2, 10, 1.2), 0.28, ringing(0.002, 0.14, 0.04))
                        .bright(0.8),
                Layer.of(KNOCK, 0.12, ringing(0.001, 0.03, 0.02)));
    }

    static Patch electricBass(double brightness) {
        return Patch.struck(
                Layer.of(harmonics(1, 4, 1.6), 0.95, ringing(0.006, 1.0, 0.05)),
                Layer.of(harmonics(3, 18, 1.0), brightness, ringing(0.001, 0.20, 0.03))
                        .bright(1.0));
    }

    static Patch synthBass() {
        return Patch.struck(
                Layer.of(harmonics(1, 6, 1.0), 0.85, new Envelope(0.003, 0.7, 0.35, 0.05)),
                Layer.of(harmonics(4, 32, 0.9), 0.40, new Envelope(0.002, 0.16, 0.05, 0.04))
                        .bright(0.6));
    }

    /** Timpani and other tuned skins, with the overtones of a kettledrum. */
    static Patch tunedSkin(double decay) {
        return Patch.struck(
                Layer.of(SINE, 0.9, ringing(0.002, decay, 0.3)),
                Layer.of(SINE, 0.35, ringing(0.002, decay * 0.7, 0.2)).at(1.5),
                Layer.of(SINE, 0.22, ringing(0.001, decay * 0.4, 0.1)).at(1.99),
                Layer.of(KNOCK, 0.35, ringing(0.001, 0.04, 0.03)).bright(0.5));
    }

    /** A steel pan, whose second partial is an octave with a slow attack. */
    static Patch steelPan() {
        return Patch.struck(
                Layer.of(SINE, 0.8, ringing(0.003, 0.7, 0.2)),
                Layer.of(harmonics(1, 3, 1.0), 0.45, ringing(0.03, 0.6, 0.15)).at(2.0),
                Layer.of(SINE, 0.12, ringing(0.001, 0.1, 0.1)).at(5.1).bright(0.8));
    }

    /** Struck metal of no clear pitch, or a bird, a telephone, a fret: something short and bright. */
    static Patch tick(double ratio, double decay) {
        return Patch.struck(
                Layer.of(SINE, 0.7, ringing(0.001, decay, 0.06)),
                Layer.of(SINE, 0.45, ringing(0.001, decay * 0.6, 0.04)).at(ratio),
                Layer.of(CLICK, 0.25, ringing(0.001, 0.015, 0.01)).bright(0.5));
    }

    private static Envelope ringing(double attack, double decay, double release) {
        return new Envelope(attack, decay, 0.0, release);
    }
}
