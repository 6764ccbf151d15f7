package org.encore.music.etudes;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.NoteCodec;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Progressions;
import org.encore.music.text.Timbre;

/** Writes plans out: form, lines by texture, marks of the scale, drums; thinner or shorter until the codes suffice. */
final class Composer {
    /** No étude has more codes. */
    static final int MOST_CODES = 256;

    private final Groove groove = Groove.shipped();
    private final Progressions progressions = Progressions.shipped();
    private final NoteCodec codec = new NoteCodec(new Synthesiser(Synthesiser.Settings.standard()));

    /**
     * Composes a piece.
     *
     * @param streams gives the same stream each time, so that a thinner attempt is the same music
     */
    Piece compose(EtudePlan plan, Supplier<RandomGenerator> streams) {
        int fewest = Planner.fewestBars(EtudePlan.secondsPerBar(plan.tempoBpm(), plan.meter()));
        for (Economy economy : Economy.values()) {
            boolean isLast = economy == Economy.STRICT;
            for (int bars = plan.bars(); bars >= (isLast ? 3 : Math.max(fewest, plan.bars() - 2)); bars--) {
                Piece piece = NoteCodec.quantised(attempt(plan.withBars(bars), economy, streams.get()));
                if (codec.encode(piece)[0].length <= MOST_CODES) {
                    return piece;
                }
            }
        }
        throw new IllegalStateException(
                "even the shortest form of " + plan + " has more than " + MOST_CODES + " codes");
    }

    private Piece attempt(EtudePlan plan, Economy economy, RandomGenerator random) {
        Sheet sheet = new Sheet(plan);
        Form form = Form.draw(plan, groove, progressions, random);
        switch (plan.truth().texture().orElseThrow()) {
            case MONOPHONIC -> new MonophonicWriter(sheet, form, economy, random).write();
            case HOMOPHONIC -> new HomophonicWriter(sheet, form, economy, random).write();
            case POLYPHONIC -> new PolyphonicWriter(sheet, form, economy, random).write();
        }
        new ScaleMarks(sheet, form).write();
        if (plan.truth().instruments().contains(Timbre.DRUMS)) {
            DrumWriter.write(sheet, form, economy);
        }
        return sheet.piece();
    }
}
