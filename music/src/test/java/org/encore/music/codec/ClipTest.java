package org.encore.music.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.concurrent.atomic.AtomicInteger;
import org.encore.music.audio.Waveform;
import org.junit.jupiter.api.Test;

class ClipTest {
    private final AtomicInteger computed = new AtomicInteger();
    private final Clip clip = Clip.of(new Waveform(new float[] {0.5f, 0.25f}, 8000));

    private String text(String key) {
        return clip.derived(String.class, key, () -> key + computed.incrementAndGet());
    }

    @Test
    void whatFollowsIsComputedOnceForAKey() {
        assertEquals("a1", text("a"));
        assertEquals("b2", text("b"));
        assertSame(text("a"), text("a"));
        assertEquals(2, computed.get());
    }

    @Test
    void keysOfDifferentTypesDoNotMeet() {
        assertEquals("a1", text("a"));
        assertEquals(7, clip.derived(Integer.class, "a", () -> 7));
    }
}
