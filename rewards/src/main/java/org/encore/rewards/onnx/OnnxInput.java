package org.encore.rewards.onnx;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.encore.base.settings.Checks;
import org.encore.music.audio.spectrum.SpectrumSettings;
import org.encore.rewards.onnx.Feed.LogMelFeed;
import org.encore.rewards.onnx.Feed.TokenFeed;
import org.encore.rewards.onnx.Feed.WaveformFeed;

/**
 * What a model is told about a sample, and under which name. What {@code defaults()} leaves null has no default: a
 * configuration must say it.
 */
public sealed interface OnnxInput {
    /** The name of the model's input. */
    String name();

    /** Whether it is made from the sound. */
    boolean readsSound();

    /** Prepares what turns samples into tensors. */
    Feed feed();

    private static void requireName(String name, String value) {
        if (value != null) {
            Checks.notBlank(name, value, "the name of an input of the model");
        }
    }

    /**
     * The samples of the sound, 32-bit floats, nominally in [-1, 1].
     *
     * @param sampleRate samples a second that sound is brought to, 1000 to 192000
     * @param channelAxis whether the model wants an axis for the one channel
     * @shape {@code [B, N]}, or {@code [B, 1, N]} with a channel axis
     */
    record Waveform(String name, int sampleRate, boolean channelAxis) implements OnnxInput {
        public Waveform {
            requireName("name", name);
            Checks.within("sampleRate", sampleRate, 1000, 192_000);
        }

        /** 16 kHz without a channel axis. */
        public static Waveform defaults() {
            return new Waveform(null, 16_000, false);
        }

        @Override
        public boolean readsSound() {
            return true;
        }

        @Override
        public Feed feed() {
            return new WaveformFeed(this);
        }
    }

    /**
     * Levels of mel bands in decibels, as {@link org.encore.music.audio.spectrum.Spectrograph} makes them; the model
     * sees {@code (level - offset) / scale}.
     *
     * @param spectrum what the spectrogram resolves
     * @param offset level that becomes 0, in decibels
     * @param scale decibels that become 1, above 0
     * @param axes the order of bands and frames
     * @param channelAxis whether the model wants an axis for the one channel
     * @shape {@code [B, bands, frames]} or {@code [B, frames, bands]}, with a channel axis {@code [B, 1, …]}
     */
    record LogMel(String name, SpectrumSettings spectrum, double offset, double scale, Axes axes, boolean channelAxis)
            implements OnnxInput {
        /** The order of the axes behind that of the batch. */
        public enum Axes {
            BANDS_FRAMES,
            FRAMES_BANDS
        }

        public LogMel {
            requireName("name", name);
            Objects.requireNonNull(spectrum, "spectrum");
            Objects.requireNonNull(axes, "axes");
            Checks.finite("offset", offset);
            Checks.above("scale", scale, 0.0);
        }

        /** Plain decibels, bands before frames. */
        public static LogMel defaults() {
            return new LogMel(null, SpectrumSettings.defaults(), 0.0, 1.0, Axes.BANDS_FRAMES, false);
        }

        @Override
        public boolean readsSound() {
            return true;
        }

        @Override
        public Feed feed() {
            return new LogMelFeed(this);
        }
    }

    /**
     * The caption as token ids, 64-bit whole numbers.
     *
     * @param mask the input that is 1 where there is a token and 0 where there is padding, if the model has one
     * @param tokenizer a {@code tokenizer.json} in the Hugging Face format
     * @param maxTokens the most tokens; longer captions are cut, at least 1
     * @param padding whether shorter captions are filled up to {@code maxTokens}
     * @param paddingId what they are filled up with, at least 0
     * @shape {@code [B, S]} both
     */
    record Tokens(String name, Optional<String> mask, Path tokenizer, int maxTokens, boolean padding, int paddingId)
            implements OnnxInput {
        public Tokens {
            requireName("name", name);
            mask.ifPresent(value -> requireName("mask", value));
            Checks.atLeast("maxTokens", maxTokens, 1);
            Checks.atLeast("paddingId", paddingId, 0);
        }

        /** Up to 77 tokens, neither mask nor padding. */
        public static Tokens defaults() {
            return new Tokens(null, Optional.empty(), null, 77, false, 0);
        }

        @Override
        public boolean readsSound() {
            return false;
        }

        @Override
        public Feed feed() {
            return new TokenFeed(this);
        }
    }
}
