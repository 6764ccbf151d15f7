package org.encore.rewards.adherence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.etudes.Etudes;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Timbre;
import org.encore.rewards.adherence.AdherenceTraining.Contradiction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContradictionTest {
    private static final RandomStreams STREAMS = new RandomStreams(2);

    @ParameterizedTest
    @EnumSource(Aspect.class)
    void changesOneAspectAndNothingElse(Aspect aspect) {
        Attributes truth = new Etudes(1).train(0).truth();
        Set<Aspect> others = EnumSet.complementOf(EnumSet.of(aspect));
        for (int i = 0; i < 50; i++) {
            Attributes wrong = Contradiction.of(truth, aspect, STREAMS.stream(Purpose.EVALUATION, i));
            assertNotEquals(truth.valueOf(aspect), wrong.valueOf(aspect));
            assertEquals(truth.only(others), wrong.only(others));
            assertFalse(Contradiction.isTrue(wrong, truth));
        }
    }

    @Test
    void reachesEveryOtherValueAndReplacesOneInstrument() {
        Attributes told = Attributes.NONE.with(Mode.MINOR).with(Set.of(Timbre.HARP, Timbre.FLUTE));
        Set<Mode> modes = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            modes.add(Contradiction.of(told, Aspect.MODE, STREAMS.stream(Purpose.EVALUATION, i))
                    .mode()
                    .orElseThrow());
            Set<Timbre> cast =
                    new HashSet<>(Contradiction.of(told, Aspect.INSTRUMENTS, STREAMS.stream(Purpose.EVALUATION, i))
                            .instruments());
            assertEquals(2, cast.size());
            cast.retainAll(told.instruments());
            assertEquals(1, cast.size());
        }
        assertEquals(Set.of(Mode.MAJOR, Mode.MODAL), modes);
    }

    @Test
    void aMissingAspectCannotBeWrong() {
        Attributes truth = Attributes.NONE.with(Mode.MINOR).with(TempoBand.FAST);
        assertTrue(Contradiction.isTrue(Attributes.NONE.with(TempoBand.FAST), truth));
        assertFalse(Contradiction.isTrue(Attributes.NONE.with(TempoBand.SLOW), truth));
    }
}
