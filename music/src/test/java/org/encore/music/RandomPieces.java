package org.encore.music;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.base.random.RandomStreams;

/** Random pieces that cover the range of all types, for properties that must hold for all pieces. */
public final class RandomPieces {
    private static final int[] UNITS = {2, 4, 8};

    private RandomPieces() {}

    /** The piece of that number: any metre, tempo, instrument, up to 200 notes, few or many at once. */
    public static Piece piece(long number) {
        RandomGenerator random = new RandomStreams(1).stream(RandomStreams.Purpose.COMPOSITION, number);
        int programs = 1 + random.nextInt(random.nextBoolean() ? 3 : 40);
        int span = 1 + random.nextInt(random.nextBoolean() ? 40 : 4000);
        int longest = random.nextInt(4) == 0 ? 3000 : 60;
        List<Note> notes = new ArrayList<>();
        for (int i = random.nextInt(200); i > 0; i--) {
            int program = (random.nextInt(programs) * 37 + (int) number) % 129;
            notes.add(new Note(
                    new Instrument(program),
                    random.nextInt(span),
                    1 + random.nextInt(longest),
                    random.nextInt(128),
                    1 + random.nextInt(127)));
        }
        Meter meter = new Meter(1 + random.nextInt(12), UNITS[random.nextInt(3)]);
        return new Piece(20 + random.nextInt(281), meter, notes);
    }
}
