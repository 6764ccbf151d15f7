package org.encore.music.audio.synthesis;

import static org.encore.music.audio.synthesis.Patch.Spectrum.SINE;
import static org.encore.music.audio.synthesis.Patch.Spectrum.harmonics;

import org.encore.music.audio.synthesis.Patch.Envelope;
import org.encore.music.audio.synthesis.Patch.Layer;
import org.encore.music.audio.synthesis.Patch.Spectrum.Formant;
import org.encore.music.audio.synthesis.Patch.Spectrum.Harmonics;
import org.encore.music.audio.synthesis.Patch.Spectrum.Noise;

/** Patches that sound as long as the note is held: bowed, blown, sung and electronic. */
final class HeldPatches {
    private static final Noise BREATH = new Noise(900.0, 5000.0);

    private HeldPatches() {}

    /** Drawbars at the octave below, the pitch, the twelfth and the octaves above. */
    static Patch drawbarOrgan() {
        return Patch.blown(
                        Layer.of(SINE, 0.45, held(0.006, 0.04)).at(0.5),
                        Layer.of(SINE, 0.60, held(0.006, 0.04)),
                        Layer.of(SINE, 0.35, held(0.006, 0.04)).at(3.0),
                        Layer.of(harmonics(1, 2, 1.0), 0.28, held(0.006, 0.04)).at(4.0),
                        Layer.of(SINE, 0.20, new Envelope(0.002, 0.12, 0.0, 0.03))
                                .at(6.0))
                .vibrato(7.0, 6.4);
    }

    /** Principal pipes of three lengths. */
    static Patch churchOrgan() {
        return Patch.blown(
                Layer.of(harmonics(1, 8, 1.3), 0.60, held(0.04, 0.15)),
                Layer.of(harmonics(1, 6, 1.3), 0.32, held(0.05, 0.15)).at(2.0).detuned(1.5),
                Layer.of(harmonics(1, 4, 1.2), 0.18, held(0.03, 0.12)).at(4.0).detuned(-1.5),
                Layer.of(BREATH, 0.03, new Envelope(0.01, 0.08, 0.2, 0.05)));
    }

    /** Pairs of free reeds that beat. */
    static Patch freeReed(double detuneCents) {
        Harmonics reed = harmonics(1, 24, 0.8).evenLevel(0.75);
        return Patch.blown(
                Layer.of(reed, 0.5, held(0.03, 0.06)).detuned(-detuneCents),
                Layer.of(reed, 0.5, held(0.035, 0.06)).detuned(detuneCents));
    }

    /** An amplifier driven far beyond its limits: a fifth and an octave come along. */
    static Patch distortedGuitar(double drive) {
        Harmonics buzz =
                harmonics(1, 26, 0.65).formants(new Formant(900.0, 900.0, 1.0), new Formant(2600.0, 1200.0, 0.5));
        return Patch.blown(
                        Layer.of(buzz, 0.6, new Envelope(0.004, 3.0, 0.4, 0.06)),
                        Layer.of(buzz, 0.35 * drive, new Envelope(0.006, 3.0, 0.4, 0.06))
                                .detuned(4.0),
                        Layer.of(harmonics(1, 12, 1.0), 0.25 * drive, new Envelope(0.01, 2.0, 0.3, 0.05))
                                .at(0.5))
                .vibrato(6.0, 5.0);
    }

    /** One bowed string instrument. */
    static Patch bowed() {
        Harmonics body = harmonics(1, 26, 0.85)
                .formants(
                        new Formant(480.0, 250.0, 0.9),
                        new Formant(1100.0, 500.0, 0.7),
                        new Formant(2600.0, 1000.0, 0.6));
        return Patch.blown(
                        Layer.of(body, 0.75, held(0.06, 0.09)),
                        Layer.of(harmonics(1, 3, 1.0), 0.35, held(0.07, 0.10)),
                        Layer.of(harmonics(7, 30, 0.7), 0.18, held(0.05, 0.05)).bright(1.0),
                        Layer.of(new Noise(1800.0, 5000.0), 0.025, new Envelope(0.02, 0.10, 0.4, 0.05)))
                .vibrato(13.0, 5.6);
    }

    /** Many bowed strings: three slightly different sections. */
    static Patch strings(double attack) {
        Harmonics section =
                harmonics(1, 24, 0.9).formants(new Formant(500.0, 350.0, 0.9), new Formant(1400.0, 900.0, 0.6));
        return Patch.blown(
                        Layer.of(section, 0.5, held(attack, 0.22)).detuned(-7.0),
                        Layer.of(section, 0.5, held(attack * 1.2, 0.25)).detuned(6.0),
                        Layer.of(harmonics(1, 12, 1.2), 0.35, held(attack * 0.8, 0.2))
                                .bright(0.4))
                .vibrato(4.0, 5.1);
    }

    /** Voices on one vowel. */
    static Patch choir(Formant first, Formant second) {
        Harmonics vowel = harmonics(1, 28, 0.9).formants(first, second, new Formant(2700.0, 500.0, 0.25));
        return Patch.blown(
                        Layer.of(vowel, 0.55, held(0.10, 0.20)).detuned(-6.0),
                        Layer.of(vowel, 0.50, held(0.13, 0.22)).detuned(7.0),
                        Layer.of(BREATH, 0.02, held(0.08, 0.15)))
                .vibrato(9.0, 5.0);
    }

    /** Brass: the louder and the longer, the brighter. */
    static Patch brass(double slope, double brightness, double attack) {
        return Patch.blown(
                        Layer.of(harmonics(1, 6, slope), 0.7, new Envelope(attack, 0.3, 0.85, 0.07)),
                        Layer.of(harmonics(4, 28, 0.7), brightness, new Envelope(attack * 1.7, 0.4, 0.75, 0.05))
                                .bright(1.2),
                        Layer.of(BREATH, 0.03, new Envelope(0.01, 0.05, 0.0, 0.03))
                                .bright(0.5))
                .vibrato(5.0, 5.3);
    }

    /** A muted trumpet, thin and nasal. */
    static Patch mutedBrass() {
        Harmonics nasal =
                harmonics(1, 28, 0.5).formants(new Formant(1500.0, 500.0, 1.0), new Formant(3200.0, 900.0, 0.5));
        return Patch.blown(Layer.of(nasal, 0.8, new Envelope(0.02, 0.3, 0.85, 0.06)))
                .vibrato(6.0, 5.3);
    }

    /** Several brass players together. */
    static Patch brassSection() {
        Harmonics section = harmonics(1, 22, 0.75);
        return Patch.blown(
                Layer.of(section, 0.5, new Envelope(0.03, 0.3, 0.8, 0.08)).detuned(-6.0),
                Layer.of(section, 0.5, new Envelope(0.035, 0.3, 0.8, 0.08)).detuned(6.0),
                Layer.of(harmonics(5, 30, 0.7), 0.2, new Envelope(0.05, 0.3, 0.6, 0.06))
                        .bright(1.2));
    }

    /** A conical tube with a single reed. */
    static Patch saxophone() {
        Harmonics body =
                harmonics(1, 24, 0.45).formants(new Formant(650.0, 450.0, 0.9), new Formant(1800.0, 800.0, 0.5));
        return Patch.blown(
                        Layer.of(body, 0.8, new Envelope(0.035, 0.3, 0.85, 0.07)),
                        Layer.of(harmonics(6, 26, 0.7), 0.28, new Envelope(0.03, 0.2, 0.6, 0.05))
                                .bright(1.2),
                        Layer.of(BREATH, 0.05, new Envelope(0.02, 0.10, 0.5, 0.05)))
                .vibrato(10.0, 5.2);
    }

    /** A narrow tube with a double reed. */
    static Patch doubleReed(double formantHertz) {
        Harmonics body = harmonics(1, 26, 0.5)
                .formants(new Formant(formantHertz, 350.0, 1.0), new Formant(2.6 * formantHertz, 600.0, 0.45));
        return Patch.blown(
                        Layer.of(body, 0.7, held(0.03, 0.06)), Layer.of(harmonics(1, 4, 0.9), 0.35, held(0.035, 0.06)))
                .vibrato(7.0, 5.4);
    }

    /** A cylindrical tube with a single reed: odd partials. */
    static Patch clarinet() {
        return Patch.blown(
                        Layer.of(harmonics(1, 9, 0.9).evenLevel(0.06), 0.9, held(0.035, 0.06)),
                        Layer.of(harmonics(5, 24, 0.8).evenLevel(0.5), 0.16, held(0.04, 0.05))
                                .bright(1.0),
                        Layer.of(BREATH, 0.02, held(0.03, 0.04)))
                .vibrato(3.0, 5.0);
    }

    /** An air jet: nearly pure, with breath. */
    static Patch flute(double breath, double overtones) {
        return Patch.blown(
                        Layer.of(SINE, 0.85, held(0.05, 0.08)),
                        Layer.of(harmonics(2, 6, 1.0), overtones, held(0.06, 0.07))
                                .bright(0.9),
                        Layer.of(BREATH, breath, new Envelope(0.015, 0.12, 0.55, 0.06)))
                .vibrato(9.0, 5.0);
    }

    static Patch squareLead() {
        return Patch.blown(
                        Layer.of(harmonics(1, 25, 1.0).evenLevel(0.0), 0.7, held(0.006, 0.06)),
                        Layer.of(harmonics(1, 25, 1.0).evenLevel(0.0), 0.25, held(0.006, 0.06))
                                .detuned(8.0))
                .vibrato(7.0, 5.5);
    }

    static Patch sawLead(double ratio) {
        return Patch.blown(
                        Layer.of(harmonics(1, 32, 1.0), 0.55, held(0.006, 0.07)).detuned(-6.0),
                        Layer.of(harmonics(1, 32, 1.0), 0.5, held(0.006, 0.07))
                                .at(ratio)
                                .detuned(6.0))
                .vibrato(7.0, 5.5);
    }

    /** A slow, wide sound whose upper layer drifts. */
    static Patch pad(Harmonics harmonics, double attack) {
        return Patch.blown(
                        Layer.of(harmonics, 0.5, held(attack, 0.45)).detuned(-8.0),
                        Layer.of(harmonics, 0.5, held(attack * 1.4, 0.5)).detuned(8.0),
                        Layer.of(harmonics(1, 3, 1.2), 0.25, held(attack * 2.0, 0.5))
                                .at(2.0)
                                .detuned(3.0))
                .tremolo(0.15, 0.7);
    }

    /** A hollow pad that opens with a struck bell: the effects of the General MIDI set. */
    static Patch shimmer(double ratio, double attack) {
        Harmonics hollow = harmonics(1, 9, 1.1).evenLevel(0.1);
        return Patch.struck(
                        Layer.of(hollow, 0.5, new Envelope(attack, 2.0, 0.5, 0.6)),
                        Layer.of(hollow, 0.4, new Envelope(1.8 * attack, 2.0, 0.5, 0.6))
                                .detuned(9.0),
                        Layer.of(SINE, 0.35, new Envelope(0.002, 0.8, 0.0, 0.5))
                                .at(ratio)
                                .bright(0.5),
                        Layer.of(SINE, 0.18, new Envelope(0.002, 0.4, 0.0, 0.3)).at(1.87 * ratio))
                .tremolo(0.25, 3.1);
    }

    /** Nothing but air: sea, applause, breath. */
    static Patch noise(double low, double high, Envelope envelope) {
        return Patch.blown(Layer.of(new Noise(low, high), 0.5, envelope)).tremolo(0.4, 0.9);
    }

    private static Envelope held(double attack, double release) {
        return new Envelope(attack, 1.0, 1.0, release);
    }
}
