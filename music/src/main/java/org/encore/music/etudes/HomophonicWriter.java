package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.encore.music.etudes.Composer.Economy;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Groove.Part;
import org.encore.music.etudes.idiom.Idiom;
import org.encore.music.etudes.idiom.Melody;
import org.encore.music.etudes.idiom.Register;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Timbre;

/**
 * Writes a melody over chords and a bass.
 *
 * <p>One instrument plays the chords; a spare bass or cello plays the bass, or else the left hand of the chord player; the others take turns with the melody, or the chord player plays it too.
 */
final class HomophonicWriter {
    private final Sheet sheet;
    private final Form form;
    private final Economy economy;
    private final Style style;
    private final Idiom idiom;
    private final Melody melody;
    private final Timbre chordPlayer;
    private final Optional<Timbre> bassPlayer;
    private final List<Timbre> singers;

    HomophonicWriter(Sheet sheet, Form form, Economy economy, RandomGenerator random) {
        this.sheet = sheet;
        this.form = form;
        this.economy = economy;
        this.style = sheet.plan().truth().style().orElseThrow();
        this.idiom = Idiom.of(style);
        this.melody = new Melody(style, random);
        List<Timbre> rest = new ArrayList<>(sheet.plan().pitched());
        List<Timbre> able = rest.stream().filter(Register::playsChords).toList();
        this.chordPlayer = able.get(random.nextInt(able.size()));
        rest.remove(chordPlayer);
        if (rest.contains(Timbre.BASS)) {
            bassPlayer = Optional.of(Timbre.BASS);
        } else {
            bassPlayer = rest.size() > 1 && rest.contains(Timbre.CELLO) ? Optional.of(Timbre.CELLO) : Optional.empty();
        }
        bassPlayer.ifPresent(rest::remove);
        this.singers = rest.isEmpty() ? List.of(chordPlayer) : List.copyOf(rest);
    }

    /** Writes every bar and the last chord. */
    void write() {
        int previous = 2;
        for (int bar = 0; bar < form.bars(); bar++) {
            previous = writeMelody(bar, previous);
            writeChords(bar);
            writeBass(bar);
        }
        int end = sheet.startOf(form.bars());
        int length = sheet.plan().meter().ticksPerBar();
        for (Timbre singer : singers) {
            sheet.lead(singer, end, length, sheet.key(Register.of(singer), 0, 0));
        }
        writeChord(0, end, length);
        writeBassNote(0, end, length);
    }

    private int writeMelody(int bar, int previous) {
        List<Integer> ticks = form.grooves().get(bar).ticksOf(Part.MELODY);
        int[] steps = melody.steps(form.motifs().charAt(bar), ticks, form.degree(bar), previous);
        Timbre singer = singers.get(bar % singers.size());
        int length = idiom.melodyTicks(sheet.plan().truth().density().orElseThrow());
        for (int i = 0; i < steps.length; i++) {
            int duration = length == Idiom.LEGATO ? gap(ticks, i) : length;
            int key = sheet.key(Register.of(singer), steps[i], form.degree(bar));
            sheet.lead(singer, sheet.startOf(bar) + ticks.get(i), duration, key);
        }
        return steps[steps.length - 1];
    }

    private void writeChords(int bar) {
        List<Integer> ticks = economy.sparing(form.grooves().get(bar).ticksOf(Part.CHORDS));
        for (int i = 0; i < ticks.size(); i++) {
            int duration = idiom.chordTicks() == Idiom.LEGATO ? gap(ticks, i) : idiom.chordTicks();
            writeChord(form.degree(bar), sheet.startOf(bar) + ticks.get(i), duration);
        }
    }

    private void writeChord(int degree, int onset, int duration) {
        Register register = Register.of(chordPlayer).forChords();
        boolean isShell = style == Style.BOSSA && bassPlayer.isPresent() && onset < sheet.startOf(form.bars());
        for (int third = 0; third < 3; third++) {
            int step = degree + 2 * third + (isShell ? 2 : 0);
            int pitchClass = sheet.plan().tonic() + sheet.plan().scale().semitones(step, degree);
            sheet.play(chordPlayer, onset, duration, register.nearest(pitchClass, register.centre()));
        }
    }

    private void writeBass(int bar) {
        List<Integer> ticks = economy.sparing(form.grooves().get(bar).ticksOf(Part.BASS));
        for (int i = 0; i < ticks.size(); i++) {
            int duration = idiom.bassTicks() == Idiom.LEGATO ? gap(ticks, i) : idiom.bassTicks();
            boolean isFifth = i % 2 == 1 && style != Style.TECHNO;
            int step = form.degree(bar) + (isFifth ? 4 : 0);
            writeBassNote(step, sheet.startOf(bar) + ticks.get(i), duration, form.degree(bar));
        }
    }

    private void writeBassNote(int step, int onset, int duration) {
        writeBassNote(step, onset, duration, 0);
    }

    private void writeBassNote(int step, int onset, int duration, int degree) {
        Timbre player = bassPlayer.orElse(chordPlayer);
        Register register = Register.of(player).forBass();
        int pitchClass = sheet.plan().tonic() + sheet.plan().scale().semitones(step, degree);
        sheet.play(player, onset, duration, register.nearest(pitchClass, register.centre()));
    }

    private int gap(List<Integer> ticks, int index) {
        return Groove.gapAfter(ticks, index, sheet.plan().meter().ticksPerBar());
    }
}
