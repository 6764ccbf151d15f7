package org.encore.music.etudes;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.etudes.Planner.EtudePlan;
import org.encore.music.etudes.idiom.Groove;
import org.encore.music.etudes.idiom.Progressions;
import org.encore.music.text.Attributes;

/**
 * The course of a piece before its last bar: which motif, which rhythm and which chord each bar has.
 *
 * @param motifs one letter a bar; bars with the same letter have the same rhythm and contour
 * @param grooves the rhythm of each bar
 * @param degrees the chord of each bar, 0 to 6
 */
record Form(String motifs, List<Groove.Bar> grooves, List<Integer> degrees) {
    private static final List<String> PATTERNS = List.of("AABA", "ABAA", "ABAB", "AAAB");

    /** Draws a form. */
    static Form draw(EtudePlan plan, Groove groove, Progressions progressions, RandomGenerator random) {
        Attributes truth = plan.truth();
        List<Groove.Bar> variants = groove.bars(
                truth.style().orElseThrow(),
                truth.meter().orElseThrow(),
                truth.density().orElseThrow());
        int first = random.nextInt(variants.size());
        String pattern = PATTERNS.get(random.nextInt(PATTERNS.size()));
        int bars = plan.bars() - 1;
        StringBuilder motifs = new StringBuilder();
        List<Groove.Bar> grooves = new ArrayList<>();
        for (int bar = 0; bar < bars; bar++) {
            char motif = pattern.charAt(bar % pattern.length());
            motifs.append(motif);
            grooves.add(variants.get((first + motif - 'A') % variants.size()));
        }
        List<Integer> degrees = progressions.draw(truth.style().orElseThrow(), plan.scale(), bars, random);
        return new Form(motifs.toString(), List.copyOf(grooves), degrees);
    }

    /** Number of bars before the last. */
    int bars() {
        return grooves.size();
    }

    /** The chord of a bar; that of the last is the tonic. */
    int degree(int bar) {
        return bar < degrees.size() ? degrees.get(bar) : 0;
    }
}
