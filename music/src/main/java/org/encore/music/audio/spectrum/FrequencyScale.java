package org.encore.music.audio.spectrum;

/** How frequencies lie on the axis on which bands are equally wide. */
public enum FrequencyScale {
    /**
     * As listeners judge distances of pitch: {@code 2595 log10(1 + f / 700)}.
     *
     * @paper O'Shaughnessy 1987, Speech Communication: Human and Machine
     */
    MEL {
        @Override
        double coordinate(double hertz) {
            return 2595.0 * StrictMath.log10(1.0 + hertz / 700.0);
        }

        @Override
        double hertz(double coordinate) {
            return 700.0 * (StrictMath.pow(10.0, coordinate / 2595.0) - 1.0);
        }
    },
    /** As instruments are tuned: twelve equal semitones an octave, 69 is 440 Hz. */
    SEMITONE {
        @Override
        double coordinate(double hertz) {
            return 69.0 + 12.0 * StrictMath.log(hertz / 440.0) / StrictMath.log(2.0);
        }

        @Override
        double hertz(double coordinate) {
            return 440.0 * StrictMath.pow(2.0, (coordinate - 69.0) / 12.0);
        }
    };

    /** Where a frequency lies. */
    abstract double coordinate(double hertz);

    /** The frequency at a place. */
    abstract double hertz(double coordinate);
}
