package org.encore.music.etudes.idiom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.encore.music.etudes.idiom.Groove.Bar;
import org.encore.music.etudes.idiom.Groove.Part;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Style;
import org.junit.jupiter.api.Test;

class GrooveTest {
    private final Groove groove = Groove.shipped();

    @Test
    void everyBarObeysTheLawsOfTheTable() {
        int bars = 0;
        for (Style style : Style.values()) {
            for (MeterKind meter : MeterKind.values()) {
                for (Density density : Density.values()) {
                    for (Bar bar : groove.bars(style, meter, density)) {
                        requireLaws(bar, meter, density);
                        bars++;
                    }
                }
            }
        }
        assertEquals(95, bars);
    }

    @Test
    void readsHitsOfABar() {
        Bar bar = groove.bars(Style.MARCH, MeterKind.TRIPLE, Density.SPARSE).get(0);
        assertEquals(List.of(0, 9, 12), bar.ticks());
        assertEquals(List.of(0), bar.ticksOf(Part.BASS));
        assertEquals(List.of(12), bar.ticksOf(Part.CHORDS));
        assertEquals(List.of(9), bar.ticksOf(Part.SNARE));
        assertEquals(9, Groove.gapAfter(bar.ticks(), 0, 36));
        assertEquals(24, Groove.gapAfter(bar.ticks(), 2, 36));
    }

    private static void requireLaws(Bar bar, MeterKind meter, Density density) {
        double hitsPerBeat = (double) bar.hits().size() / meter.meter().beats();
        assertEquals(0, bar.ticks().get(0));
        assertTrue(bar.ticks().get(bar.ticks().size() - 1) < meter.meter().ticksPerBar(), bar::toString);
        assertEquals(bar.ticks().stream().sorted().distinct().toList(), bar.ticks());
        assertTrue(bar.hits().stream().allMatch(hit -> hit.strikes(Part.MELODY)), bar::toString);
        assertTrue(
                !bar.ticksOf(Part.CHORDS).isEmpty() && !bar.ticksOf(Part.BASS).isEmpty(), bar::toString);
        boolean isRight =
                switch (density) {
                    case SPARSE -> hitsPerBeat <= 1.0;
                    case MEDIUM -> hitsPerBeat >= 1.5 && hitsPerBeat <= 2.0;
                    case DENSE -> hitsPerBeat >= 2.5;
                };
        assertTrue(isRight, () -> density + " " + bar);
    }
}
