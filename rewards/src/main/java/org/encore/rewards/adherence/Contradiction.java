package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.Timbre;

/** Attributes that differ in one aspect, and whether a caption is true. */
final class Contradiction {
    private Contradiction() {}

    /**
     * Attributes that say something else of one aspect: another of its values, each as likely; of several instruments one
     * is replaced by one that does not play.
     *
     * @param told mentions the aspect
     */
    static Attributes of(Attributes told, Aspect aspect, RandomGenerator random) {
        return switch (aspect) {
            case STYLE -> told.with(other(Style.values(), told.style().orElseThrow(), random));
            case INSTRUMENTS -> told.with(otherCast(told.instruments(), random));
            case TEMPO -> told.with(other(TempoBand.values(), told.tempo().orElseThrow(), random));
            case MODE -> told.with(other(Mode.values(), told.mode().orElseThrow(), random));
            case TEXTURE -> told.with(other(Texture.values(), told.texture().orElseThrow(), random));
            case DENSITY -> told.with(other(Density.values(), told.density().orElseThrow(), random));
            case METER -> told.with(other(MeterKind.values(), told.meter().orElseThrow(), random));
        };
    }

    private static <T extends Enum<T>> T other(T[] values, T value, RandomGenerator random) {
        List<T> others = Arrays.stream(values).filter(each -> each != value).toList();
        return others.get(random.nextInt(others.size()));
    }

    private static Set<Timbre> otherCast(Set<Timbre> cast, RandomGenerator random) {
        List<Timbre> absent = new ArrayList<>(EnumSet.complementOf(EnumSet.copyOf(cast)));
        Set<Timbre> other = EnumSet.copyOf(cast);
        other.remove(new ArrayList<>(cast).get(random.nextInt(cast.size())));
        other.add(absent.get(random.nextInt(absent.size())));
        return other;
    }

    /** Whether everything that is told is true. */
    static boolean isTrue(Attributes told, Attributes truth) {
        return told.equals(truth.only(told.mentioned()));
    }
}
