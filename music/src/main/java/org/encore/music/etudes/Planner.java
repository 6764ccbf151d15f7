package org.encore.music.etudes;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.encore.music.Meter;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.etudes.idiom.ScaleKind;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Timbre;

/** Draws plans: every combination of style, tempo, mode, texture, density and metre is equally likely. */
final class Planner {
    /** The shortest étude, in seconds. */
    static final double SHORTEST_SECONDS = 8.1;

    private static final double DENSE_SAVES_SECONDS = 2.0;
    private static final List<Integer> TONICS = List.of(0, 2, 4, 5, 7, 9, 10);
    private static final int[] CAST_SIZES = {1, 2, 2, 2, 2, 3, 3, 3, 3, 4};

    private Planner() {}

    /** Draws any plan. */
    static EtudePlan draw(RandomGenerator random) {
        Mode mode = one(Mode.values(), random);
        Texture texture = one(Texture.values(), random);
        Attributes truth = Attributes.NONE
                .with(one(Style.values(), random))
                .with(one(TempoBand.values(), random))
                .with(mode)
                .with(texture)
                .with(one(Density.values(), random))
                .with(one(MeterKind.values(), random))
                .with(instruments(texture, random));
        int tempoBpm = tempoBpm(truth.tempo().orElseThrow(), random);
        double wanted =
                switch (truth.tempo().orElseThrow()) {
                    case SLOW -> 17.0;
                    case MEDIUM -> 15.0;
                    case FAST -> 12.5;
                };
        wanted -= truth.density().orElseThrow() == Density.DENSE ? DENSE_SAVES_SECONDS : 0.0;
        double bar =
                EtudePlan.secondsPerBar(tempoBpm, truth.meter().orElseThrow().meter());
        int bars = Math.max(fewestBars(bar), (int) StrictMath.round(wanted / bar));
        int tonic = TONICS.get(random.nextInt(TONICS.size()));
        return new EtudePlan(truth, tempoBpm, scale(mode, random), tonic, bars);
    }

    /** The fewest bars of this length that last long enough, and no fewer than four. */
    static int fewestBars(double secondsPerBar) {
        return Math.max(4, (int) StrictMath.ceil(SHORTEST_SECONDS / secondsPerBar));
    }

    /**
     * Draws the instruments. One to four instruments, drums never alone; one that can play chords in homophonic pieces; two
     * lines in polyphonic ones, on one instrument if that can play chords; at most three pitched instruments.
     */
    private static Set<Timbre> instruments(Texture texture, RandomGenerator random) {
        while (true) {
            int size = CAST_SIZES[random.nextInt(CAST_SIZES.length)];
            Set<Timbre> drawn = EnumSet.noneOf(Timbre.class);
            if ((size > 1 && random.nextInt(3) == 0) || size == 4) {
                drawn.add(Timbre.DRUMS);
            }
            while (drawn.size() < size) {
                drawn.add(one(Timbre.values(), random));
            }
            if (isPlayable(texture, drawn)) {
                return drawn;
            }
        }
    }

    private static boolean isPlayable(Texture texture, Set<Timbre> instruments) {
        long pitched =
                instruments.stream().filter(timbre -> timbre != Timbre.DRUMS).count();
        boolean hasChords = instruments.stream().anyMatch(Register::playsChords);
        return switch (texture) {
            case MONOPHONIC -> pitched >= 1 && pitched <= 3;
            case HOMOPHONIC -> hasChords && pitched <= 3;
            case POLYPHONIC -> pitched <= 3 && (pitched >= 2 || hasChords);
        };
    }

    private static int tempoBpm(TempoBand band, RandomGenerator random) {
        int low =
                switch (band) {
                    case SLOW -> 60;
                    case MEDIUM -> 96;
                    case FAST -> 138;
                };
        int high =
                switch (band) {
                    case SLOW -> 84;
                    case MEDIUM -> 120;
                    case FAST -> 176;
                };
        List<Integer> tempos = NoteVocabulary.TEMPOS.stream()
                .filter(tempo -> tempo >= low && tempo <= high)
                .toList();
        return tempos.get(random.nextInt(tempos.size()));
    }

    private static ScaleKind scale(Mode mode, RandomGenerator random) {
        return switch (mode) {
            case MAJOR -> ScaleKind.MAJOR;
            case MINOR -> ScaleKind.MINOR;
            case MODAL -> random.nextInt(2) == 0 ? ScaleKind.DORIAN : ScaleKind.MIXOLYDIAN;
        };
    }

    private static <T> T one(T[] values, RandomGenerator random) {
        return values[random.nextInt(values.length)];
    }

    /**
     * The plan of a piece.
     *
     * @param truth every attribute, as a caption may mention it
     * @param tempoBpm quarter notes a minute, one that has a code
     * @param scale the scale
     * @param tonic pitch class of the tonic, 0 to 11
     * @param bars length in bars, the last of which holds one chord; at least 3
     */
    record EtudePlan(Attributes truth, int tempoBpm, ScaleKind scale, int tonic, int bars) {
        EtudePlan {
            if (bars < 3) {
                throw new IllegalArgumentException("bars is " + bars + ", but must be at least 3");
            }
        }

        /** The time signature. */
        Meter meter() {
            return truth.meter().orElseThrow().meter();
        }

        /** The instruments without the drums. */
        List<Timbre> pitched() {
            return truth.instruments().stream()
                    .filter(timbre -> timbre != Timbre.DRUMS)
                    .toList();
        }

        /** Length of the whole piece in seconds. */
        double seconds() {
            return bars * secondsPerBar(tempoBpm, meter());
        }

        /** The same plan in fewer or more bars. */
        EtudePlan withBars(int count) {
            return new EtudePlan(truth, tempoBpm, scale, tonic, count);
        }

        /** Length of a bar in seconds. */
        static double secondsPerBar(int tempoBpm, Meter meter) {
            return meter.beats() * 60.0 / tempoBpm;
        }
    }
}
