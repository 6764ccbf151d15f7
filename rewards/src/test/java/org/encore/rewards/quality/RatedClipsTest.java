package org.encore.rewards.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.corpus.Split;
import org.encore.music.degradation.Damage;
import org.encore.music.degradation.MusicalDegradation.WrongNotes;
import org.encore.music.etudes.Etudes;
import org.encore.rewards.quality.RatedClips.DamageMix;
import org.encore.rewards.quality.RatedClips.RatedClip;
import org.encore.rewards.quality.RatedClips.ScoreCurve;
import org.junit.jupiter.api.Test;

class RatedClipsTest {
    private final RatedClips clips = new RatedClips(1, 16000);

    @Test
    void clipsAreFunctionsOfSeedAndIndex() {
        RatedClip clip = clips.train(3);
        RatedClip again = new RatedClips(1, 16000).train(3);
        assertEquals(clip.piece(), again.piece());
        assertArrayEquals(clip.sound().samples(), again.sound().samples());
        assertEquals(clip.rating().ratings(), again.rating().ratings());
        assertEquals(3, clip.rating().ratings().size());
        assertEquals(ScoreCurve.standard().score(clip.damage()), clip.rating().trueScore());
        assertNotEquals(clip.piece(), new RatedClips(2, 16000).train(3).piece());
    }

    @Test
    void heldOutClipsAreOfHeldOutCombinations() {
        assertEquals(
                new Etudes(1).heldOut(2).piece(),
                clips.heldOut(Split.DEVELOPMENT, 2, Damage.NONE).piece());
        RatedClip wrong = clips.heldOut(Split.DEVELOPMENT, 2, Damage.of(new WrongNotes(), 1.0));
        assertNotEquals(new Etudes(1).heldOut(2).piece(), wrong.piece());
        assertEquals(1 + 3.6 * 0.15, wrong.rating().trueScore(), 1e-9);
    }

    @Test
    void flawsAreAsManyAsTheMixSays() {
        int[] counts = new int[4];
        for (int i = 0; i < 2000; i++) {
            counts[
                    DamageMix.defaults()
                            .draw(new RandomStreams(1).stream(Purpose.DEGRADATION, i))
                            .strengths()
                            .size()]++;
        }
        // Shares 0.17, 0.5, 0.25 and 0.08, each with a standard deviation of at most 0.0112.
        assertEquals(0.17, counts[0] / 2000.0, 0.035);
        assertEquals(0.5, counts[1] / 2000.0, 0.035);
        assertEquals(0.25, counts[2] / 2000.0, 0.035);
        assertEquals(0.08, counts[3] / 2000.0, 0.035);
        assertThrows(IllegalArgumentException.class, () -> new DamageMix(0.5, 0.5, 0.5));
    }

    @Test
    void theMeanOfTheRatingsIsTheScore() {
        RatedClip clip = clips.train(0);
        assertEquals(
                (clip.rating().ratings().get(0)
                                + clip.rating().ratings().get(1)
                                + clip.rating().ratings().get(2))
                        / 3.0,
                clip.rating().meanRating(),
                1e-12);
    }
}
