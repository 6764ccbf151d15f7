package org.encore.music.analysis.sound;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.encore.music.Instrument.Family;
import org.encore.music.analysis.Adherence;
import org.encore.music.analysis.Adherence.Verdict;
import org.encore.music.analysis.rules.BandRule;
import org.encore.music.analysis.sound.LinearClassifier.Said;
import org.encore.music.audio.Waveform;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Timbre;

/**
 * Tells attributes of the music in a sound, and whether it follows its caption; abstains where it is not sure.
 *
 * <ul>
 *   <li><b>Tempo.</b> The band by a classifier of the autocorrelation of the onset strength; within the band the tempo that
 *       agrees best with it.
 *   <li><b>Mode.</b> With the tonic by {@link SoundKey}: pitch classes, and Krumhansl's profiles.
 *   <li><b>Density.</b> Onsets a beat, by a classifier of the same measurements and the onsets a beat of the likeliest tempo.
 *   <li><b>Instruments.</b> For each family whether it plays, by a classifier of the timbre.
 * </ul>
 *
 * <p>Of a sound whose timbre is farther from the mean of those it was calibrated on than any of these, it tells nothing. Style,
 * texture and metre it does not tell. Safe to use from several threads.
 */
public final class SoundReferee {
    private static final double LOWEST_LOUDNESS = -60.0;
    private static final int TEMPOS_A_BIN = 10;

    private final LinearClassifier tempo;
    private final SoundKey mode;
    private final LinearClassifier density;
    private final Map<Family, LinearClassifier> families;
    private final double farthest;

    SoundReferee(
            LinearClassifier tempo,
            SoundKey mode,
            LinearClassifier density,
            Map<Family, LinearClassifier> families,
            double farthest) {
        this.tempo = tempo;
        this.mode = mode;
        this.density = density;
        this.families = new EnumMap<>(families);
        this.farthest = farthest;
    }

    /** The shipped referee. */
    private static final class Shipped {
        private static final SoundReferee REFEREE = RefereeFile.shipped();
    }

    /** The referee that ships: calibrated on études, rendered by the synthesiser of this version. */
    public static SoundReferee standard() {
        return Shipped.REFEREE;
    }

    /**
     * An answer.
     *
     * @param likeliest what is likeliest, sure or not
     * @param probability its probability by the classifier
     * @param sure whether the referee stands by it; else it abstains
     */
    public record Answer<T>(T likeliest, double probability, boolean sure) {
        /** What it stands by, if anything. */
        public Optional<T> said() {
            return sure ? Optional.of(likeliest) : Optional.empty();
        }
    }

    /**
     * What it says of a sound.
     *
     * @param tempo band of the tempo
     * @param bpm quarter notes a minute, the likeliest within the likeliest band
     * @param tonic pitch class of the likeliest key, 0 is C
     * @param mode scale above it
     * @param density onsets a beat
     * @param onsets onsets a second
     * @param families whether each family plays
     * @param loudness in LUFS, at least -60
     */
    public record Report(
            Answer<TempoBand> tempo,
            int bpm,
            int tonic,
            Answer<Mode> mode,
            Answer<Density> density,
            double onsets,
            Map<Family, Answer<Boolean>> families,
            double loudness) {}

    /** Listens to a sound. */
    public Report hear(Waveform sound) {
        return report(SoundAnalysis.of(sound));
    }

    Report report(SoundAnalysis heard) {
        boolean known = distance(families, heard) <= farthest;
        Answer<TempoBand> band = answer(tempo, tempoFeatures(heard), TempoBand.values(), known);
        int bpm = bpm(heard.pulses(), band.likeliest());
        SoundKey.Said key = mode.say(heard);
        Map<Family, Answer<Boolean>> playing = new EnumMap<>(Family.class);
        families.forEach((family, classifier) ->
                playing.put(family, answer(classifier, heard.timbre(), new Boolean[] {false, true}, known)));
        return new Report(
                band,
                bpm,
                key.tonic(),
                new Answer<>(key.mode(), key.probability(), known && key.probability() >= mode.least()),
                answer(density, densityFeatures(heard, bpm), Density.values(), known),
                heard.onsets(),
                playing,
                Math.max(LOWEST_LOUDNESS, heard.loudness()));
    }

    /** How unlike the sounds of the calibration the timbre of a sound is. */
    static double distance(Map<Family, LinearClassifier> families, SoundAnalysis heard) {
        // All have the same features, and so the same means and deviations.
        return families.values().iterator().next().distance(heard.timbre());
    }

    private static <T> Answer<T> answer(LinearClassifier classifier, double[] features, T[] classes, boolean known) {
        Said said = classifier.say(features);
        return new Answer<>(classes[said.likeliest()], said.probability(), known && !said.abstains());
    }

    /** The rhythm, and how well the best tempo of every ten agrees with it. */
    static double[] tempoFeatures(SoundAnalysis heard) {
        int bins = heard.pulses().length / TEMPOS_A_BIN;
        double[] features = Arrays.copyOf(heard.rhythm(), heard.rhythm().length + bins);
        for (int i = 0; i < bins * TEMPOS_A_BIN; i++) {
            int bin = heard.rhythm().length + i / TEMPOS_A_BIN;
            features[bin] = Math.max(features[bin], heard.pulses()[i]);
        }
        return features;
    }

    /** Those of the tempo, and the onsets a beat. */
    static double[] densityFeatures(SoundAnalysis heard, int bpm) {
        double[] tempo = tempoFeatures(heard);
        double[] features = Arrays.copyOf(tempo, tempo.length + 1);
        features[tempo.length] = Math.log((0.1 + heard.onsets()) * 60.0 / bpm);
        return features;
    }

    /** The tempo that agrees best with the rhythm, within the likeliest band. */
    static int bpm(LinearClassifier tempo, SoundAnalysis heard) {
        TempoBand band =
                List.of(TempoBand.values()).get(tempo.say(tempoFeatures(heard)).likeliest());
        return bpm(heard.pulses(), band);
    }

    private static int bpm(double[] pulses, TempoBand band) {
        int best = -1;
        for (int i = 0; i < pulses.length; i++) {
            boolean inside = BandRule.of(band).contains(SoundAnalysis.SLOWEST_BPM + i);
            if (inside && (best < 0 || pulses[i] > pulses[best])) {
                best = i;
            }
        }
        return SoundAnalysis.SLOWEST_BPM + best;
    }

    /** Whether a sound follows its caption; has verdicts of the aspects that the caption mentions and the referee is sure of. */
    public Adherence adherence(Attributes asked, Waveform sound) {
        return adherence(asked, hear(sound));
    }

    /** Whether a sound of which a report was made follows a caption. */
    public static Adherence adherence(Attributes asked, Report report) {
        Map<Aspect, Verdict> verdicts = new EnumMap<>(Aspect.class);
        asked.tempo().ifPresent(wanted -> judge(verdicts, Aspect.TEMPO, wanted, report.tempo()));
        asked.mode().ifPresent(wanted -> judge(verdicts, Aspect.MODE, wanted, report.mode()));
        asked.density().ifPresent(wanted -> judge(verdicts, Aspect.DENSITY, wanted, report.density()));
        if (!asked.instruments().isEmpty()) {
            instruments(asked.instruments(), report).ifPresent(verdict -> verdicts.put(Aspect.INSTRUMENTS, verdict));
        }
        return new Adherence(verdicts);
    }

    private static <T extends Enum<T>> void judge(
            Map<Aspect, Verdict> verdicts, Aspect aspect, T wanted, Answer<T> heard) {
        heard.said()
                .ifPresent(said -> verdicts.put(
                        aspect,
                        new Verdict(
                                said == wanted ? 1.0 : 0.0,
                                String.format(
                                        Locale.ROOT,
                                        "asked for %s: heard %s, probability %.2f",
                                        lower(wanted),
                                        lower(said),
                                        heard.probability()))));
    }

    /**
     * {@code 2 P R / (P + R)} over the families of which the referee is sure: R the share of those asked for that play, P the
     * share of those playing that were asked for. No verdict if it is sure of none that was asked for.
     */
    private static Optional<Verdict> instruments(Set<Timbre> asked, Report report) {
        Set<Family> wanted =
                asked.stream().map(timbre -> timbre.instrument().family()).collect(Collectors.toSet());
        Set<Family> playing = families(report, Optional.of(true)::equals);
        Set<Family> silent = families(report, Optional.of(false)::equals);
        Set<Family> known = EnumSet.copyOf(wanted);
        known.removeIf(family -> !playing.contains(family) && !silent.contains(family));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        long found = known.stream().filter(playing::contains).count();
        double recall = (double) found / known.size();
        double precision = playing.isEmpty() ? 0.0 : (double) found / playing.size();
        double score = found == 0 ? 0.0 : 2.0 * precision * recall / (precision + recall);
        return Optional.of(new Verdict(
                score, "asked for " + labels(wanted) + ": heard " + labels(playing) + ", not " + labels(silent)));
    }

    private static Set<Family> families(Report report, Function<Optional<Boolean>, Boolean> which) {
        Set<Family> found = EnumSet.noneOf(Family.class);
        report.families().forEach((family, answer) -> {
            if (which.apply(answer.said())) {
                found.add(family);
            }
        });
        return found;
    }

    private static String labels(Set<Family> families) {
        return families.isEmpty()
                ? "nothing"
                : Arrays.stream(Family.values())
                        .filter(families::contains)
                        .map(Family::label)
                        .collect(Collectors.joining(", "));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    LinearClassifier tempo() {
        return tempo;
    }

    SoundKey mode() {
        return mode;
    }

    LinearClassifier density() {
        return density;
    }

    Map<Family, LinearClassifier> families() {
        return families;
    }

    double farthest() {
        return farthest;
    }
}
