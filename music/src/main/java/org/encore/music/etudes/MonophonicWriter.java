package org.encore.music.etudes;

import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.etudes.Composer.Economy;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Idiom;
import org.encore.music.etudes.idiom.Melody;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Timbre;

/** Writes one line on every hit of the groove: the instruments take turns, or play together in octaves. */
final class MonophonicWriter {
    private static final int LONG_FORM_BARS = 8;

    private final Sheet sheet;
    private final Form form;
    private final Melody melody;
    private final List<Timbre> players;
    private final boolean isInUnison;
    private final int barsPerTurn;

    MonophonicWriter(Sheet sheet, Form form, Economy economy, RandomGenerator random) {
        this.sheet = sheet;
        this.form = form;
        this.melody = new Melody(sheet.plan().truth().style().orElseThrow(), random);
        this.players = sheet.plan().pitched();
        boolean isDense = sheet.plan().truth().density().orElseThrow() == Density.DENSE;
        this.isInUnison = random.nextInt(2) == 0 && !isDense && economy == Economy.NONE;
        this.barsPerTurn = form.bars() >= LONG_FORM_BARS ? 2 : 1;
    }

    /** Writes every bar and the last unison. */
    void write() {
        int previous = 0;
        for (int bar = 0; bar < form.bars(); bar++) {
            List<Integer> ticks = form.grooves().get(bar).ticks();
            int[] steps = melody.sing(form.motifs().charAt(bar), ticks, form.degree(bar), previous);
            steps[0] = bar == 0 ? 0 : steps[0];
            previous = steps[steps.length - 1];
            Timbre inTurn = players.get(bar / barsPerTurn % players.size());
            for (Timbre player : isInUnison ? players : List.of(inTurn)) {
                writeBar(player, bar, ticks, steps);
            }
        }
        for (Timbre player : players) {
            int key = sheet.key(Register.of(player), 0, 0);
            sheet.lead(player, sheet.startOf(form.bars()), sheet.plan().meter().ticksPerBar(), key);
        }
    }

    private void writeBar(Timbre player, int bar, List<Integer> ticks, int[] steps) {
        int length = Idiom.of(sheet.plan().truth().style().orElseThrow())
                .melodyTicks(sheet.plan().truth().density().orElseThrow());
        for (int i = 0; i < steps.length; i++) {
            int gap = Groove.gapAfter(ticks, i, sheet.plan().meter().ticksPerBar());
            int key = sheet.key(Register.of(player), steps[i], form.degree(bar));
            int duration = length == Idiom.LEGATO ? gap : Math.min(length, gap);
            sheet.lead(player, sheet.startOf(bar) + ticks.get(i), duration, key);
        }
    }
}
