package org.encore.music.analysis.sound;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.encore.base.settings.Checks;
import org.encore.music.Instrument.Family;
import org.encore.music.analysis.sound.KnownSounds.Known;
import org.encore.music.audio.Waveform;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.TempoBand;

/**
 * Calibrates a {@link SoundReferee} on the beginnings of training études.
 *
 * <p>Three quarters of them fit the classifiers. On the others each gets the least probability from which on at most
 * {@value #MOST_ERRORS} of its answers are wrong: below that it abstains. Where no probability is enough it always abstains.
 * Share and limit are our choice.
 *
 * @param seed of the études
 * @param clips how many, at least 100
 * @param seconds length of a clip
 */
public record RefereeFit(long seed, int clips, double seconds) {
    /** The share of wrong answers that is aimed at. */
    public static final double MOST_ERRORS = 0.1;

    private static final double RIDGE = 1e-3;
    private static final int FEWEST_ANSWERS = 20;

    /** A family that plays in fewer clips of the fit is not learned. */
    private static final int FEWEST_PLAYING = 10;

    public RefereeFit {
        Checks.within("clips", clips, 100, 1_000_000);
        Checks.within("seconds", seconds, 1.0, 600.0);
    }

    /** Is told of clips that were heard. */
    @FunctionalInterface
    public interface Listener {
        /** Reports how many of how many are done. */
        void heard(int done, int all);
    }

    /**
     * Fits a referee, and writes its calibration.
     *
     * @param through what every second sound passes through before it is heard, such as a codec whose models will be judged
     */
    public void write(Path file, UnaryOperator<Waveform> through, Listener listener) throws IOException {
        RefereeFile.write(fit(through, listener), file);
    }

    SoundReferee fit(UnaryOperator<Waveform> through, Listener listener) {
        AtomicInteger heard = new AtomicInteger();
        return fit(KnownSounds.of(
                KnownSounds.training(seed),
                clips,
                seconds,
                sound -> heard.getAndIncrement() % 2 == 0 ? sound : through.apply(sound),
                done -> listener.heard(done, clips)));
    }

    static SoundReferee fit(List<Known> known) {
        Map<Family, LinearClassifier> families = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            long playing = known.stream()
                    .filter(each -> each.truth().families().contains(family))
                    .count();
            if (playing >= FEWEST_PLAYING && playing <= known.size() - FEWEST_PLAYING) {
                families.put(
                        family,
                        classifier(
                                known,
                                each -> each.heard().timbre(),
                                each -> each.truth().families().contains(family) ? 1 : 0,
                                2));
            }
        }
        LinearClassifier tempo = classifier(
                known,
                each -> SoundReferee.tempoFeatures(each.heard()),
                each -> List.of(TempoBand.values())
                        .indexOf(each.truth().attributes().tempo().orElseThrow()),
                TempoBand.values().length);
        LinearClassifier density = classifier(
                known,
                each -> SoundReferee.densityFeatures(each.heard(), SoundReferee.bpm(tempo, each.heard())),
                each -> List.of(Density.values())
                        .indexOf(each.truth().attributes().density().orElseThrow()),
                Density.values().length);
        double farthest = known.subList(fitted(known), known.size()).stream()
                .mapToDouble(each -> SoundReferee.distance(families, each.heard()))
                .max()
                .orElseThrow();
        return new SoundReferee(tempo, key(known), density, families, farthest);
    }

    private static int fitted(List<Known> known) {
        return known.size() * 3 / 4;
    }

    private static SoundKey key(List<Known> known) {
        List<Known> fitted = known.subList(0, fitted(known));
        SoundKey key = SoundKey.fit(
                fitted.stream().map(each -> SoundKey.features(each.heard())).toArray(double[][][]::new),
                fitted.stream().mapToInt(each -> each.truth().tonic()).toArray(),
                fitted.stream().map(RefereeFit::mode).toArray(Mode[]::new),
                RIDGE);
        List<Judged> answers = new ArrayList<>();
        for (Known each : known.subList(fitted(known), known.size())) {
            SoundKey.Said said = key.say(each.heard());
            answers.add(new Judged(said.probability(), said.mode() == mode(each)));
        }
        return key.withLeast(least(answers));
    }

    private static Mode mode(Known known) {
        return known.truth().attributes().mode().orElseThrow();
    }

    private static LinearClassifier classifier(
            List<Known> known, Function<Known, double[]> features, ToIntFunction<Known> truth, int classes) {
        int fitted = fitted(known);
        LinearClassifier classifier = LinearClassifier.fit(
                known.subList(0, fitted).stream().map(features).toArray(double[][]::new),
                known.subList(0, fitted).stream().mapToInt(truth).toArray(),
                classes,
                RIDGE);
        List<Judged> answers = new ArrayList<>();
        for (Known each : known.subList(fitted, known.size())) {
            LinearClassifier.Said said = classifier.say(features.apply(each));
            answers.add(new Judged(said.probability(), said.likeliest() == truth.applyAsInt(each)));
        }
        return classifier.withLeast(least(answers));
    }

    private record Judged(double probability, boolean right) {}

    /** The least probability from which on few enough answers are wrong. */
    private static double least(List<Judged> answers) {
        List<Judged> surest = new ArrayList<>(answers);
        surest.sort(Comparator.comparingDouble(Judged::probability).reversed());
        double least = 2.0;
        int wrong = 0;
        for (int i = 0; i < surest.size(); i++) {
            wrong += surest.get(i).right() ? 0 : 1;
            if (i + 1 >= FEWEST_ANSWERS && wrong <= MOST_ERRORS * (i + 1)) {
                least = surest.get(i).probability();
            }
        }
        return least;
    }
}
