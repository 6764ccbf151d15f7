package org.encore.music.audio;

import org.encore.music.Piece;
import org.encore.music.audio.synthesis.Orchestra;

/**
 * Renders pieces to sound; the same piece gives the same bits.
 *
 * <p>Safe to use from several threads. Sharing one saves the tables that it keeps.
 */
public final class Synthesiser {
    private final Settings settings;
    private final Orchestra orchestra;

    /**
     * Settings of the synthesiser.
     *
     * @param sampleRate samples a second, 8000 to 48000; cost grows in proportion, frequencies above half of it are lost
     * @param tailSeconds how long the last notes may fade after the end of the piece, 0 to 10
     * @param longestSeconds longer pieces are cut here, 1 to 3600: bounds time and memory for generated pieces
     */
    public record Settings(int sampleRate, double tailSeconds, double longestSeconds) {
        public Settings {
            if (sampleRate < 8000 || sampleRate > 48000) {
                throw new IllegalArgumentException("sampleRate is " + sampleRate + ", but must lie in [8000, 48000]");
            }
            requireRange("tailSeconds", tailSeconds, 0.0, 10.0);
            requireRange("longestSeconds", longestSeconds, 1.0, 3600.0);
        }

        /** 32 kHz, the rate of MusicGen, a tail of one second, and at most ten minutes. */
        public static Settings standard() {
            return new Settings(32000, 1.0, 600.0);
        }

        /** The same at another sample rate. */
        public Settings withSampleRate(int newSampleRate) {
            return new Settings(newSampleRate, tailSeconds, longestSeconds);
        }

        private static void requireRange(String name, double value, double low, double high) {
            if (!(value >= low && value <= high)) {
                throw new IllegalArgumentException(
                        name + " is " + value + ", but must lie in [" + low + ", " + high + "]");
            }
        }
    }

    public Synthesiser(Settings settings) {
        this.settings = settings;
        orchestra = new Orchestra(settings.sampleRate);
    }

    /** Renders a piece: as long as its notes and the tail. */
    public Waveform render(Piece piece) {
        double seconds = Math.min(piece.seconds(), settings.longestSeconds) + settings.tailSeconds;
        int length = (int) Math.ceil(seconds * settings.sampleRate);
        return new Waveform(orchestra.play(piece.notes(), piece.secondsPerTick(), length), settings.sampleRate);
    }

    /** The settings. */
    public Settings settings() {
        return settings;
    }
}
