package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.etudes.Composer.Economy;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Idiom;
import org.encore.music.etudes.idiom.Melody;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Timbre;

/**
 * Writes two or three lines that imitate each other.
 *
 * <p>In every bar one voice has the motif, on every hit of the groove; the others sustain, entering one after the other
 * so that three never start together. The voices take turns with the motif.
 */
final class PolyphonicWriter {
    /** A line: its instrument and register. */
    private record Voice(Timbre player, Register register) {}

    private final Sheet sheet;
    private final Form form;
    private final Melody melody;
    private final List<Voice> voices;
    private final int[] previous;
    private final boolean isSparse;
    private final int turn;

    PolyphonicWriter(Sheet sheet, Form form, Economy economy, RandomGenerator random) {
        this.sheet = sheet;
        this.form = form;
        this.melody = new Melody(sheet.plan().truth().style().orElseThrow(), random);
        this.voices = voices(sheet.plan().pitched());
        this.previous = new int[voices.size()];
        this.isSparse = sheet.plan().truth().density().orElseThrow() == Density.SPARSE || economy != Economy.NONE;
        this.turn = random.nextInt(voices.size());
    }

    /** Writes every bar and the last consonance. */
    void write() {
        int length = sheet.plan().meter().ticksPerBar();
        for (int bar = 0; bar < form.bars(); bar++) {
            int leader = (turn + bar) % voices.size();
            List<Integer> ticks = form.grooves().get(bar).ticks();
            int first = writeMotif(bar, leader, ticks);
            int entry = 0;
            for (int voice = 0; voice < voices.size(); voice++) {
                if (voice != leader) {
                    writeCounterpoint(
                            bar, voice, ticks.subList(Math.min(entry, ticks.size() - 1), ticks.size()), first);
                    entry++;
                }
            }
        }
        for (int voice = 0; voice < voices.size(); voice++) {
            Voice own = voices.get(voice);
            int step = voice == 0 && voices.size() > 1 ? 2 : 0;
            sheet.lead(own.player(), sheet.startOf(form.bars()), length, sheet.key(own.register(), step, 0));
        }
    }

    private int writeMotif(int bar, int voice, List<Integer> ticks) {
        int degree = form.degree(bar);
        int[] steps = melody.steps(form.motifs().charAt(bar), ticks, degree, previous[voice]);
        steps[0] = bar == 0 ? 0 : steps[0];
        int length = Idiom.of(sheet.plan().truth().style().orElseThrow())
                .melodyTicks(sheet.plan().truth().density().orElseThrow());
        Voice own = voices.get(voice);
        for (int i = 0; i < steps.length; i++) {
            int gap = Groove.gapAfter(ticks, i, sheet.plan().meter().ticksPerBar());
            int duration = length == Idiom.LEGATO ? gap : Math.min(length, gap);
            sheet.lead(
                    own.player(),
                    sheet.startOf(bar) + ticks.get(i),
                    duration,
                    sheet.key(own.register(), steps[i], degree));
        }
        previous[voice] = steps[steps.length - 1];
        return steps[0];
    }

    /** Sustains a chord tone that is not the leader's first until the bar ends; moves on half way if there is room. */
    private void writeCounterpoint(int bar, int voice, List<Integer> ticks, int avoided) {
        int end = sheet.plan().meter().ticksPerBar();
        int entry = ticks.get(0);
        int middle = ticks.stream().filter(tick -> 2 * tick >= end).findFirst().orElse(end);
        boolean movesOn = !isSparse && entry < middle && middle < end;
        sustain(bar, voice, entry, movesOn ? middle : end, avoided);
        if (movesOn) {
            sustain(bar, voice, middle, end, previous[voice]);
        }
    }

    private void sustain(int bar, int voice, int from, int to, int avoided) {
        int degree = form.degree(bar);
        int step = Melody.chordTone(previous[voice], degree);
        if (Math.floorMod(step - avoided, 7) == 0) {
            step = Melody.chordTone(step > 2 ? step - 2 : step + 2, degree);
        }
        Voice own = voices.get(voice);
        previous[voice] = step;
        sheet.play(own.player(), sheet.startOf(bar) + from, to - from, sheet.key(own.register(), step, degree));
    }

    private static List<Voice> voices(List<Timbre> players) {
        List<Voice> voices = new ArrayList<>();
        for (Timbre player : players) {
            voices.add(new Voice(player, Register.of(player)));
        }
        if (voices.size() == 1) {
            Voice upper = voices.get(0);
            voices.add(new Voice(upper.player(), upper.register().shifted(-14)));
        }
        voices.sort(Comparator.comparingInt((Voice voice) -> voice.register().centre())
                .reversed());
        return voices;
    }
}
