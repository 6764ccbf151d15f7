package org.encore.music.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;

/** Decoded music: sound, rendered when first requested, and notes if the codec is symbolic. */
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
        return of(() -> waveform);
    }

    /** A clip that is sound alone; the renderer runs at most once. */
    public static Clip of(Supplier<Waveform> renderer) {
        return new Clip(null, renderer);
    }

    /** The notes, if the codec is symbolic. */
    public Optional<Piece> piece() {
        return Optional.ofNullable(piece);
    }

    /** The sound, if it has been rendered. */
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
     * A value derived from the clip, computed when first requested and kept with it; safe to call from several threads.
     *
     * @param type of the result
     * @param key distinguishes results of one type; equal keys must mean equal results
     * @param computation runs once for a key
     */
    public <T> T derived(Class<T> type, Object key, Supplier<T> computation) {
        return type.cast(derived.computeIfAbsent(List.of(type, key), both -> computation.get()));
    }
}
