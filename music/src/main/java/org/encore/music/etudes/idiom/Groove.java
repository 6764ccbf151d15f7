package org.encore.music.etudes.idiom;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.music.Piece;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Style;

/** The table of rhythms: bars of hits for every style, metre and density. */
public final class Groove {
    /** The parts a hit can belong to, as the table writes them. */
    public enum Part {
        MELODY('m'),
        CHORDS('c'),
        BASS('b'),
        KICK('k'),
        SNARE('s'),
        HAT('h');

        private final char letter;

        Part(char letter) {
            this.letter = letter;
        }
    }

    /** One bar of rhythm: its hits in order of time. */
    public record Bar(List<Hit> hits) {
        /** The ticks at which a part strikes. */
        public List<Integer> ticksOf(Part part) {
            return hits.stream().filter(hit -> hit.strikes(part)).map(Hit::tick).toList();
        }

        /** The ticks of all hits. */
        public List<Integer> ticks() {
            return hits.stream().map(Hit::tick).toList();
        }
    }

    /** One moment: ticks from the start of the bar, and the letters of its parts. */
    public record Hit(int tick, String letters) {
        public boolean strikes(Part part) {
            return letters.indexOf(part.letter) >= 0;
        }
    }

    private record Key(Style style, MeterKind meter, Density density) {}

    private static final String RESOURCE = "grooves.txt";

    private final Map<Key, List<Bar>> bars;

    private Groove(Map<Key, List<Bar>> bars) {
        this.bars = bars;
    }

    /** Reads the table that ships with the module. */
    public static Groove shipped() {
        Map<Key, List<Bar>> bars = new LinkedHashMap<>();
        for (String[] cells : Tables.read(RESOURCE, 4)) {
            Style style = Style.valueOf(cells[0].toUpperCase(Locale.ROOT));
            MeterKind meter = cells[1].equals("3/4") ? MeterKind.TRIPLE : MeterKind.QUADRUPLE;
            Density density = Density.valueOf(cells[2].toUpperCase(Locale.ROOT));
            bars.computeIfAbsent(new Key(style, meter, density), key -> new ArrayList<>())
                    .add(bar(cells[3]));
        }
        return new Groove(bars);
    }

    /** The variants of a bar, at least one. */
    public List<Bar> bars(Style style, MeterKind meter, Density density) {
        return List.copyOf(bars.get(new Key(style, meter, density)));
    }

    /** Ticks from one of a bar's onsets to the next, or to the end of the bar. */
    public static int gapAfter(List<Integer> ticks, int index, int ticksPerBar) {
        return (index + 1 < ticks.size() ? ticks.get(index + 1) : ticksPerBar) - ticks.get(index);
    }

    private static Bar bar(String text) {
        List<Hit> hits = new ArrayList<>();
        String[] beats = text.split("/", -1);
        for (int beat = 0; beat < beats.length; beat++) {
            for (String word : beats[beat].trim().split(" +", -1)) {
                if (!word.equals("-")) {
                    String letters = word.replaceAll("[0-9]", "");
                    int tick = Integer.parseInt(word.substring(0, word.length() - letters.length()));
                    hits.add(new Hit(beat * Piece.TICKS_PER_QUARTER + tick, letters));
                }
            }
        }
        return new Bar(List.copyOf(hits));
    }
}
