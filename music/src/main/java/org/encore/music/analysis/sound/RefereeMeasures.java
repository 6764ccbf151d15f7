package org.encore.music.analysis.sound;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Checks;
import org.encore.music.Instrument.Family;
import org.encore.music.analysis.sound.KnownSounds.Known;
import org.encore.music.analysis.sound.KnownSounds.Truth;
import org.encore.music.analysis.sound.SoundReferee.Answer;
import org.encore.music.analysis.sound.SoundReferee.Report;
import org.encore.music.audio.Waveform;

/**
 * How often a {@link SoundReferee} is wrong, on test études, whose combinations it was not calibrated on.
 *
 * @param questions answers to questions of a few classes, by what was asked
 * @param tempoWithin4PerCent share of clips whose tempo is within 4 % of the true one
 * @param tempoOrDouble the same, where half and double the true tempo are right too
 * @param tonic share of clips whose tonic is that of the notes
 * @param onsetError median over clips of the relative error of onsets a second
 * @param clips how many clips were heard
 */
public record RefereeMeasures(
        List<Question> questions,
        double tempoWithin4PerCent,
        double tempoOrDouble,
        double tonic,
        double onsetError,
        int clips) {
    private static final double TOLERANCE = 0.04;

    /**
     * One question.
     *
     * @param name what was asked, such as {@code tempo}
     * @param asked clips
     * @param said answers it stood by
     * @param wrong how many of these were wrong
     * @param wrongIfForced wrong answers if it may not abstain
     * @param commonest clips of the commonest truth: who always says that is wrong in the others
     */
    public record Question(String name, int asked, int said, int wrong, int wrongIfForced, int commonest) {
        /** Share of the answers it stood by that are wrong; NaN without any. */
        public double error() {
            return (double) wrong / said;
        }
    }

    public RefereeMeasures {
        questions = List.copyOf(questions);
    }

    /**
     * Listens to the beginnings of études.
     *
     * @param seed of the études
     * @param clips how many, at least 1
     * @param seconds length of a clip
     * @param through what the sound passes through before it is heard, such as a codec
     */
    public static RefereeMeasures of(
            SoundReferee referee,
            long seed,
            int clips,
            double seconds,
            UnaryOperator<Waveform> through,
            RefereeFit.Listener listener) {
        Checks.within("clips", clips, 1, 1_000_000);
        Checks.within("seconds", seconds, 1.0, 600.0);
        List<Known> known =
                KnownSounds.of(KnownSounds.test(seed), clips, seconds, through, done -> listener.heard(done, clips));
        return of(referee, known);
    }

    static RefereeMeasures of(SoundReferee referee, List<Known> known) {
        List<Report> reports =
                known.stream().map(each -> referee.report(each.heard())).toList();
        List<Truth> truths = known.stream().map(Known::truth).toList();
        List<Question> questions = new ArrayList<>();
        questions.add(question("tempo", reports, Report::tempo, truths, truth -> truth.attributes()
                .tempo()
                .orElseThrow()));
        questions.add(question("mode", reports, Report::mode, truths, truth -> truth.attributes()
                .mode()
                .orElseThrow()));
        questions.add(question("density", reports, Report::density, truths, truth -> truth.attributes()
                .density()
                .orElseThrow()));
        Set<Family> families = EnumSet.noneOf(Family.class);
        reports.forEach(report -> families.addAll(report.families().keySet()));
        for (Family family : families) {
            questions.add(question(
                    "instruments: " + family.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    reports,
                    report -> report.families().get(family),
                    truths,
                    truth -> truth.families().contains(family)));
        }
        int near = 0;
        int nearOrDouble = 0;
        int tonics = 0;
        double[] errors = new double[known.size()];
        for (int i = 0; i < known.size(); i++) {
            double ratio = (double) reports.get(i).bpm() / truths.get(i).bpm();
            near += isNear(ratio) ? 1 : 0;
            nearOrDouble += isNear(ratio) || isNear(2.0 * ratio) || isNear(ratio / 2.0) ? 1 : 0;
            tonics += reports.get(i).tonic() == truths.get(i).tonic() ? 1 : 0;
            double onsets = Math.max(1e-9, truths.get(i).onsets());
            errors[i] = Math.abs(reports.get(i).onsets() - onsets) / onsets;
        }
        Arrays.sort(errors);
        double clips = known.size();
        return new RefereeMeasures(
                questions, near / clips, nearOrDouble / clips, tonics / clips, errors[errors.length / 2], known.size());
    }

    private static boolean isNear(double ratio) {
        return Math.abs(ratio - 1.0) <= TOLERANCE;
    }

    private static <T> Question question(
            String name,
            List<Report> reports,
            Function<Report, Answer<T>> answer,
            List<Truth> truths,
            Function<Truth, T> truth) {
        int said = 0;
        int wrong = 0;
        int forced = 0;
        Map<T, Integer> counts = new HashMap<>();
        for (int i = 0; i < reports.size(); i++) {
            Answer<T> heard = answer.apply(reports.get(i));
            T right = truth.apply(truths.get(i));
            boolean miss = !heard.likeliest().equals(right);
            counts.merge(right, 1, Integer::sum);
            forced += miss ? 1 : 0;
            said += heard.sure() ? 1 : 0;
            wrong += heard.sure() && miss ? 1 : 0;
        }
        int commonest =
                counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        return new Question(name, reports.size(), said, wrong, forced, commonest);
    }
}
