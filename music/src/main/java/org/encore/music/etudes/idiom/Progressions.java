package org.encore.music.etudes.idiom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.music.text.Style;

/** The table of chord progressions. */
public final class Progressions {
    private final Map<String, List<int[]>> loops;

    private Progressions(Map<String, List<int[]>> loops) {
        this.loops = loops;
    }

    /** Reads the table that ships with the module. */
    public static Progressions shipped() {
        Map<String, List<int[]>> loops = new LinkedHashMap<>();
        for (String[] cells : Tables.read("progressions.txt", 3)) {
            List<int[]> own = new ArrayList<>();
            for (String loop : cells[2].split(";", -1)) {
                own.add(degrees(loop.trim()));
            }
            loops.put(cells[0] + " " + cells[1], own);
        }
        return new Progressions(loops);
    }

    /**
     * Draws the chord of every bar but the last, which is the tonic: a loop of the style, closed by a cadence.
     *
     * @param bars how many, at least 2
     * @return degrees, 0 to 6
     */
    public int[] draw(Style style, ScaleKind scale, int bars, RandomGenerator random) {
        String name = scale.name().toLowerCase(Locale.ROOT);
        List<int[]> own = loops.get(style.name().toLowerCase(Locale.ROOT) + " " + name);
        List<int[]> choice = own == null ? loops.get("any " + name) : own;
        int[] loop = choice.get(random.nextInt(choice.size()));
        int[] degrees = new int[bars];
        for (int bar = 0; bar < bars; bar++) {
            degrees[bar] = loop[bar % loop.length];
        }
        int[] cadences = scale.cadences();
        degrees[bars - 1] = cadences[random.nextInt(cadences.length)];
        return degrees;
    }

    private static int[] degrees(String loop) {
        String[] numbers = loop.split(" +", -1);
        int[] degrees = new int[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            degrees[i] = Integer.parseInt(numbers[i]) - 1;
        }
        return degrees;
    }
}
