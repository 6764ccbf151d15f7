package org.encore.music.etudes;

import java.util.List;
import org.encore.music.Piece;
import org.encore.music.etudes.idiom.Groove.Hit;
import org.encore.music.etudes.idiom.Groove.Part;
import org.encore.music.etudes.idiom.Idiom;
import org.encore.music.text.Timbre;

/** Writes the drums of a groove on the kit of its style. */
final class DrumWriter {
    private static final List<Part> PARTS = List.of(Part.KICK, Part.SNARE, Part.HAT);

    private DrumWriter() {}

    /** Writes every bar and a last stroke. */
    static void write(Sheet sheet, Form form, Economy economy) {
        List<Integer> kit = Idiom.of(sheet.plan().truth().style().orElseThrow()).kit();
        for (int bar = 0; bar < form.bars(); bar++) {
            List<Hit> hits = form.grooves().get(bar).hits().stream()
                    .filter(hit -> PARTS.stream().anyMatch(hit::strikes))
                    .toList();
            for (Hit hit : economy.sparingDrums(hits)) {
                for (int i = 0; i < PARTS.size(); i++) {
                    if (hit.strikes(PARTS.get(i))) {
                        sheet.play(Timbre.DRUMS, sheet.startOf(bar) + hit.tick(), Piece.TICKS_PER_QUARTER, kit.get(i));
                    }
                }
            }
        }
        sheet.play(Timbre.DRUMS, sheet.startOf(form.bars()), Piece.TICKS_PER_QUARTER, kit.get(0));
    }
}
