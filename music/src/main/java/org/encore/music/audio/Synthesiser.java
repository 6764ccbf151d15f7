package org.encore.music.audio;

import org.encore.music.Piece;

/** Renders pieces to sound. */
public final class Synthesiser {
    private final Settings settings;

    /**
     * Knobs of the synthesiser.
     *
     * @param sampleRate samples a second, 8000 to 48000
     */
    public record Settings(int sampleRate) {
        public Settings {
            if (sampleRate < 8000 || sampleRate > 48000) {
                throw new IllegalArgumentException("sampleRate is " + sampleRate + ", but must lie in [8000, 48000]");
            }
        }

        /** 32 kHz, the rate of MusicGen. */
        public static Settings standard() {
            return new Settings(32000);
        }
    }

    public Synthesiser(Settings settings) {
        this.settings = settings;
    }

    /** Renders a piece. */
    public Waveform render(Piece piece) {
        return new Waveform(new float[(int) (piece.seconds() * settings.sampleRate())], settings.sampleRate());
    }
}
