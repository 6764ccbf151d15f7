package org.encore.rewards;

import java.util.Objects;
import java.util.Optional;
import org.encore.music.codec.Clip;
import org.encore.music.text.Prompt;

/** What is to be scored: a clip, and the prompt it was made for. */
public final class Sample {
    private final Prompt prompt;
    private final Clip clip;
    private final int[][] codes;

    private Sample(Prompt prompt, Clip clip, int[][] codes) {
        this.prompt = Objects.requireNonNull(prompt, "prompt");
        this.clip = Objects.requireNonNull(clip, "clip");
        this.codes = codes;
    }

    /** A sample of which only the sound or the notes are known. */
    public static Sample of(Prompt prompt, Clip clip) {
        return new Sample(prompt, clip, null);
    }

    /**
     * A sample with the codes its clip was decoded from, for rewards that read codes.
     *
     * @param codes valid frames only; not copied, and written by nobody
     * @shape codes {@code [K, T]}
     */
    public static Sample of(Prompt prompt, Clip clip, int[][] codes) {
        return new Sample(prompt, clip, Objects.requireNonNull(codes, "codes"));
    }

    /** What was asked for. */
    public Prompt prompt() {
        return prompt;
    }

    /** The clip made for it; notes and sound are made when first asked for. */
    public Clip clip() {
        return clip;
    }

    /**
     * The codes the clip was decoded from, where they are known.
     *
     * @shape result {@code [K, T]}
     */
    public Optional<int[][]> codes() {
        return Optional.ofNullable(codes);
    }
}
