package org.encore.music.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;

/** Something to listen to: sound, rendered when first asked for, and the notes where the codec knows them. */
public final class Clip {
    private final Piece piece;
    private final Supplier<Waveform> renderer;
    private final Map<Object, Object> derived = new ConcurrentHashMap<>();
    private Waveform rendered;

    private Clip(Piece piece, Supplier<Waveform> renderer) {
        this.piece = piece;
        this.renderer = renderer;
    }

    /** A clip with notes; the renderer runs at most once. */
    public static Clip of(Piece piece, Supplier<Waveform> renderer) {
        return new Clip(piece, renderer);
    }

    /** A clip that is sound alone. */
    public static Clip of(Waveform waveform) {
        return new Clip(null, () -> waveform);
    }

    /** The notes, where the codec is symbolic. */
    public Optional<Piece> piece() {
        return Optional.ofNullable(piece);
    }

    /** The sound, if somebody has asked for it already. */
    public synchronized Optional<Waveform> rendered() {
        return Optional.ofNullable(rendered);
    }

    /** The sound; safe to call from several threads. */
    public synchronized Waveform waveform() {
        if (rendered == null) {
            rendered = renderer.get();
        }
        return rendered;
    }

    /**
     * What follows from the clip, computed when first asked for and kept with it; safe to call from several threads.
     *
     * @param type of the result
     * @param key tells it from all else of the type that follows from the clip; equal keys must mean equal results
     * @param computation runs once for a key
     */
    public <T> T derived(Class<T> type, Object key, Supplier<T> computation) {
        return type.cast(derived.computeIfAbsent(List.of(type, key), both -> computation.get()));
    }
}
