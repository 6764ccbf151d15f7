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
 * An input of a model. Values that {@code defaults()} leaves null are required in configurations.
 */
public sealed interface OnnxInput {
    /** Name of the input in the model. */
    String name();

    /** Whether it is computed from the sound. */
    boolean readsSound();

    /** Creates the converter from samples to tensors. */
    Feed feed();

    private static void requireName(String name, String value) {
        if (value != null) {
            Checks.notBlank(name, value, "the name of an input of the model");
        }
    }

    /**
     * The waveform as 32-bit floats, nominally in [-1, 1].
     *
     * @param sampleRate samples per second that the model expects; sound is resampled to it
     * @param channelAxis whether the tensor has a channel axis of length 1
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
     * A log-mel spectrogram in decibels, as {@code (level - offset) / scale}, computed by {@link
     * org.encore.music.audio.spectrum.Spectrograph}.
     *
     * @param spectrum settings of the spectrogram
     * @param offset level that maps to 0, in decibels
     * @param scale decibels per unit of the tensor
     * @param axes order of bands and frames
     * @param channelAxis whether the tensor has a channel axis of length 1
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
     * The caption as 64-bit token ids.
     *
     * @param mask name of the attention-mask input (1 for tokens, 0 for padding), if the model has one
     * @param tokenizer a {@code tokenizer.json} in the Hugging Face format
     * @param maxTokens most tokens; longer captions are truncated
     * @param padding whether shorter captions are padded to {@code maxTokens}
     * @param paddingId token id of the padding
     * @shape {@code [B, S]} for ids and mask
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
