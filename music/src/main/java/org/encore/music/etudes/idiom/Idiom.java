package org.encore.music.etudes.idiom;

import java.util.List;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.Style;

/**
 * What defines a style besides its groove: melodic intervals, note lengths, drums.
 *
 * @param steps melodic intervals in steps, repeated ones are more likely
 * @param melodyTicks length of a melody note; {@link #LEGATO} lasts to the next
 * @param denseMelodyTicks the same where the groove is dense
 * @param chordTicks length of a chord
 * @param bassTicks length of a bass note
 * @param kit General MIDI percussion keys of kick, snare and hat
 */
public record Idiom(
        List<Integer> steps, int melodyTicks, int denseMelodyTicks, int chordTicks, int bassTicks, List<Integer> kit) {
    /** Lasts to the next note of its part, or to the end of the bar. */
    public static final int LEGATO = 0;

    /** The idiom of a style. */
    public static Idiom of(Style style) {
        return switch (style) {
            case CHORALE ->
                new Idiom(List.of(1, -1, 1, -1, 2, -1, -2, 1), LEGATO, LEGATO, LEGATO, LEGATO, List.of(41, 49, 81));
            case MARCH -> new Idiom(List.of(2, -2, 1, -1, 0, 2, -1), 3, 3, 6, 6, List.of(36, 38, 49));
            case RAGTIME -> new Idiom(List.of(1, -1, 2, -2, 1, -3, 3, -1), 3, 3, 6, 6, List.of(36, 38, 42));
            case BLUES -> new Idiom(List.of(1, -1, 0, -1, 2, -2, 1), 4, 4, 8, 12, List.of(36, 38, 51));
            case LULLABY -> new Idiom(List.of(2, 2, -2, -2), LEGATO, LEGATO, LEGATO, LEGATO, List.of(81, 80, 81));
            case TECHNO -> new Idiom(List.of(0, 0, 0, 0, 0, 0, 0, 2, -2), 3, 2, 3, 3, List.of(36, 39, 46));
            case BOSSA -> new Idiom(List.of(0, 1, -1, 1, -1, 2, -2), 6, 3, 6, 12, List.of(36, 37, 70));
            case REGGAE -> new Idiom(List.of(0, 0, 1, -1, 2, -2, -1), 3, 3, 3, 12, List.of(36, 37, 42));
        };
    }

    /** Length of a melody note at a density. */
    public int melodyTicks(Density density) {
        return density == Density.DENSE ? denseMelodyTicks : melodyTicks;
    }
}
