package org.encore.rewards;

import java.util.Objects;
import java.util.Optional;
import org.encore.music.codec.Clip;
import org.encore.music.text.Prompt;

/** A clip to be scored, and the prompt that it was generated for. */
public final class Sample {
    private final Prompt prompt;
    private final Clip clip;
    private final int[][] codes;

    private Sample(Prompt prompt, Clip clip, int[][] codes) {
        this.prompt = Objects.requireNonNull(prompt, "prompt");
        this.clip = Objects.requireNonNull(clip, "clip");
        this.codes = codes;
    }

    /** A sample without codes. */
    public static Sample of(Prompt prompt, Clip clip) {
        return new Sample(prompt, clip, null);
    }

    /**
     * A sample with the codes that its clip was decoded from, for rewards that read codes.
     *
     * @param codes valid frames only; not copied, must not change
     * @shape codes {@code [codebooks, frames]}
     */
    public static Sample of(Prompt prompt, Clip clip, int[][] codes) {
        return new Sample(prompt, clip, Objects.requireNonNull(codes, "codes"));
    }

    /** The prompt that the clip was generated for. */
    public Prompt prompt() {
        return prompt;
    }

    /** The clip; its notes and sound are computed on first use. */
    public Clip clip() {
        return clip;
    }

    /**
     * The codes that the clip was decoded from; empty if they are not known.
     *
     * @shape result {@code [codebooks, frames]}
     */
    public Optional<int[][]> codes() {
        return Optional.ofNullable(codes);
    }
}
