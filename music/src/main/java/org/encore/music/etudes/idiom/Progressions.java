package org.encore.music.etudes.idiom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.encore.music.text.Attributes.Style;

/** The table of chord progressions. */
public final class Progressions {
    private final Map<String, List<List<Integer>>> loops;

    private Progressions(Map<String, List<List<Integer>>> loops) {
        this.loops = loops;
    }

    /** Reads the table that ships with the module. */
    public static Progressions shipped() {
        Map<String, List<List<Integer>>> loops = new LinkedHashMap<>();
        for (String[] cells : Tables.read("progressions.txt", 3)) {
            List<List<Integer>> own = new ArrayList<>();
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
    public List<Integer> draw(Style style, ScaleKind scale, int bars, RandomGenerator random) {
        String name = scale.name().toLowerCase(Locale.ROOT);
        List<List<Integer>> own = loops.get(style.name().toLowerCase(Locale.ROOT) + " " + name);
        List<List<Integer>> choice = own == null ? loops.get("any " + name) : own;
        List<Integer> loop = choice.get(random.nextInt(choice.size()));
        List<Integer> degrees = new ArrayList<>();
        for (int bar = 0; bar < bars; bar++) {
            degrees.add(loop.get(bar % loop.size()));
        }
        int[] cadences = scale.cadences();
        degrees.set(bars - 1, cadences[random.nextInt(cadences.length)]);
        return List.copyOf(degrees);
    }

    private static List<Integer> degrees(String loop) {
        List<Integer> degrees = new ArrayList<>();
        for (String number : loop.split(" +", -1)) {
            degrees.add(Integer.parseInt(number) - 1);
        }
        return List.copyOf(degrees);
    }
}
