package org.encore.model.encodec;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.encore.base.files.InvalidFileException;

/**
 * Sizes of an EnCodec model, under the meaning of the Hugging Face keys.
 *
 * @param sampleRate samples a second ({@code sampling_rate})
 * @param channels channels of the sound that is coded jointly ({@code audio_channels})
 * @param hidden width of a latent frame and of the codebooks ({@code hidden_size}, {@code codebook_dim})
 * @param filters channels after the first convolution, doubled at each ratio ({@code num_filters})
 * @param residualLayers residual blocks at each ratio ({@code num_residual_layers})
 * @param ratios factors of the decoder's upsampling in its order; the encoder has them backwards ({@code upsampling_ratios})
 * @param kernels widths of the convolutions
 * @param dilationGrowth block j has the dilation {@code dilationGrowth^j} ({@code dilation_growth_rate})
 * @param causal whether convolutions are padded on the left alone ({@code use_causal_conv})
 * @param padMode what convolutions are padded with ({@code pad_mode})
 * @param compress factor by which the width of a block is reduced inside ({@code compress})
 * @param lstmLayers layers of each LSTM ({@code num_lstm_layers})
 * @param trimRightRatio share of the trimming of causal transposed convolutions that is done at the right ({@code
 *     trim_right_ratio})
 * @param convShortcut whether a block's skip is a convolution of width 1 ({@code use_conv_shortcut})
 * @param codebooks number of codebooks K: {@code int(1000 · bandwidth / (10 · frame rate))} of the largest bandwidth; the 10
 *     bits a code are hard-wired in the reference
 * @param codebookSize codes in a codebook ({@code codebook_size})
 */
public record EncodecConfig(
        int sampleRate,
        int channels,
        int hidden,
        int filters,
        int residualLayers,
        List<Integer> ratios,
        KernelWidths kernels,
        int dilationGrowth,
        boolean causal,
        PadMode padMode,
        int compress,
        int lstmLayers,
        double trimRightRatio,
        boolean convShortcut,
        int codebooks,
        int codebookSize) {
    /** The architecture's name in {@code config.json}. */
    public static final String MODEL_TYPE = "encodec";

    /** Bits a code that the reference assumes when it derives the number of codebooks. */
    static final int BITS_PER_CODE = 10;

    /**
     * Widths of the convolutions; those that change the rate are twice as wide as their ratio.
     *
     * @param first of encoder and decoder ({@code kernel_size})
     * @param last of encoder and decoder ({@code last_kernel_size})
     * @param residual of the residual blocks ({@code residual_kernel_size})
     */
    public record KernelWidths(int first, int last, int residual) {}

    /** What stands before the first and after the last step for a convolution. */
    public enum PadMode {
        /** The signal, mirrored at its first and last step. */
        REFLECT,
        /** Zeros. */
        CONSTANT,
        /** The first and the last step. */
        REPLICATE
    }

    public EncodecConfig {
        ratios = List.copyOf(ratios);
        requirePositive("sampling_rate", sampleRate);
        requirePositive("audio_channels", channels);
        requirePositive("hidden_size", hidden);
        requirePositive("num_filters", filters);
        requirePositive("num_lstm_layers", lstmLayers);
        requirePositive("kernel_size", kernels.first());
        requirePositive("last_kernel_size", kernels.last());
        requirePositive("residual_kernel_size", kernels.residual());
        requirePositive("dilation_growth_rate", dilationGrowth);
        requirePositive("compress", compress);
        requirePositive("codebook_size", codebookSize);
        require(residualLayers >= 0, "num_residual_layers is " + residualLayers + ", but must be at least 0");
        require(
                residualLayers < 16 && Math.pow(dilationGrowth, residualLayers) <= 1 << 16,
                "num_residual_layers is " + residualLayers + ", but with dilation_growth_rate " + dilationGrowth
                        + " the last dilation must not exceed 2^16");
        require(compress <= filters, "compress is " + compress + ", but must not exceed num_filters " + filters);
        require(!ratios.isEmpty(), "upsampling_ratios are empty, but must hold at least one");
        require(ratios.stream().allMatch(r -> r >= 1), "upsampling_ratios are " + ratios + ", but must be at least 1");
        require(
                ratios.size() < 16 && (long) filters << ratios.size() <= 1 << 20,
                "upsampling_ratios are " + ratios + ", too many to double num_filters " + filters + " at each");
        require(
                ratios.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> Math.min(a * b, 1 << 20)) < 1 << 20,
                "upsampling_ratios are " + ratios + ", but their product must be less than 2^20");
        require(
                trimRightRatio >= 0 && trimRightRatio <= 1,
                "trim_right_ratio is " + trimRightRatio + ", but must lie in [0, 1]");
        require(
                causal || trimRightRatio == 1.0,
                "trim_right_ratio is " + trimRightRatio + ", but must be 1 unless use_causal_conv is true");
        require(codebooks >= 1, "target_bandwidths leave no codebook: the largest must be at least that of one code");
    }

    private static void requirePositive(String key, int value) {
        require(value >= 1, key + " is " + value + ", but must be at least 1");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** These sizes with fewer codebooks. */
    EncodecConfig withCodebooks(int count) {
        return new EncodecConfig(
                sampleRate,
                channels,
                hidden,
                filters,
                residualLayers,
                ratios,
                kernels,
                dilationGrowth,
                causal,
                padMode,
                compress,
                lstmLayers,
                trimRightRatio,
                convShortcut,
                Math.min(count, codebooks),
                codebookSize);
    }

    /** Samples of a frame: the product of the ratios. */
    public int hop() {
        return ratios.stream().reduce(1, Math::multiplyExact);
    }

    /** Frames a second. */
    public double framesPerSecond() {
        return (double) sampleRate / hop();
    }

    /** Frames that cover a number of samples. */
    public int frames(int samples) {
        return (int) ((samples + hop() - 1L) / hop());
    }

    /**
     * Kilobits a second of all codebooks, as the reference counts them: it derives the number of codebooks from the bandwidth
     * with 10 bits a code, and the number to encode with from the true bits.
     */
    double bandwidth() {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(codebookSize - 1);
        return Math.max(BITS_PER_CODE, bits) * codebooks * Math.ceil(framesPerSecond()) / 1000.0;
    }

    /** The codec of MusicGen at 32 kHz: 50 frames a second, 56.9 million parameters. */
    public static EncodecConfig musicGen() {
        return new EncodecConfig(
                32_000,
                1,
                128,
                64,
                1,
                List.of(8, 5, 4, 4),
                new KernelWidths(7, 7, 3),
                2,
                false,
                PadMode.REFLECT,
                2,
                2,
                1.0,
                false,
                4,
                2048);
    }

    /**
     * Reads an {@code audio_encoder} object, or the whole {@code config.json} of an EnCodec model; absent keys have the
     * reference's defaults.
     *
     * @param path of the file, for messages
     * @param prefix of the keys in messages, such as {@code "audio_encoder."}
     * @throws InvalidFileException if a value is impossible, or asks for what is not supported
     */
    public static EncodecConfig read(Path path, JsonNode object, String prefix) {
        return new Reading(path, object, prefix).config();
    }

    /** Reads one JSON object. */
    private record Reading(Path path, JsonNode object, String prefix) {
        /** What sets EnCodec at 48 kHz apart. */
        private static final String CHUNKED =
                "EnCodec at 48 kHz cuts sound into chunks and scales each, and no code tells the scale, so no model of codes can"
                        + " use it; take EnCodec at 24 or 32 kHz";

        EncodecConfig config() {
            only("model_type", "", MODEL_TYPE, "nothing else can be computed here");
            only("norm_type", "weight_norm", "weight_norm", CHUNKED);
            only("normalize", "false", "false", CHUNKED);
            only("chunk_length_s", "null", "null", CHUNKED);
            int hidden = integer("hidden_size", 128);
            int dimension = integer("codebook_dim", hidden);
            if (dimension != hidden) {
                throw problem("codebook_dim", Integer.toString(dimension), "be hidden_size, which is " + hidden);
            }
            List<Integer> ratios = ratios();
            int sampleRate = integer("sampling_rate", 24_000);
            try {
                return new EncodecConfig(
                        sampleRate,
                        integer("audio_channels", 1),
                        hidden,
                        integer("num_filters", 32),
                        integer("num_residual_layers", 1),
                        ratios,
                        new KernelWidths(
                                integer("kernel_size", 7),
                                integer("last_kernel_size", 7),
                                integer("residual_kernel_size", 3)),
                        integer("dilation_growth_rate", 2),
                        flag("use_causal_conv", true),
                        padMode(),
                        integer("compress", 2),
                        integer("num_lstm_layers", 2),
                        number("trim_right_ratio", 1.0),
                        flag("use_conv_shortcut", true),
                        codebooks(sampleRate, ratios),
                        integer("codebook_size", 1024));
            } catch (IllegalArgumentException e) {
                throw new InvalidFileException(path, prefix + e.getMessage(), e);
            }
        }

        private int codebooks(int sampleRate, List<Integer> ratios) {
            JsonNode list = object.path("target_bandwidths");
            double largest = 24.0;
            if (!isAbsent(list)) {
                if (!list.isArray()
                        || list.isEmpty()
                        || !list.get(list.size() - 1).isNumber()) {
                    throw problem("target_bandwidths", list.toString(), "be a list of numbers");
                }
                largest = list.get(list.size() - 1).asDouble();
            }
            long hop = ratios.stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
            double frameRate = Math.ceil((double) sampleRate / Math.max(1, hop));
            double count = Math.floor(1000.0 * largest / (frameRate * BITS_PER_CODE));
            if (!(count >= 1 && count <= 1024)) {
                throw problem(
                        "target_bandwidths",
                        list.toString(),
                        "end with that of 1 to 1024 codes of " + BITS_PER_CODE + " bits a frame");
            }
            return (int) count;
        }

        private List<Integer> ratios() {
            JsonNode list = object.path("upsampling_ratios");
            if (isAbsent(list)) {
                return List.of(8, 5, 4, 2);
            }
            List<Integer> ratios = new ArrayList<>();
            for (JsonNode ratio : list) {
                if (!ratio.isInt() || ratio.asInt() < 1) {
                    throw problem("upsampling_ratios", list.toString(), "be a list of positive integers");
                }
                ratios.add(ratio.asInt());
            }
            return ratios;
        }

        private PadMode padMode() {
            String name = object.path("pad_mode").asText("reflect");
            for (PadMode mode : PadMode.values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return mode;
                }
            }
            throw problem("pad_mode", quoted(name), "be \"reflect\", \"constant\" or \"replicate\"");
        }

        private void only(String key, String absent, String expected, String why) {
            JsonNode value = object.path(key);
            String found = isAbsent(value) ? absent : value.asText();
            if (!found.equals(expected)) {
                throw problem(key, quoted(found), "be \"" + expected + "\": " + why);
            }
        }

        private int integer(String key, int absent) {
            JsonNode value = object.path(key);
            if (isAbsent(value)) {
                return absent;
            }
            if (!value.isInt()) {
                throw problem(key, value.toString(), "be an integer");
            }
            return value.asInt();
        }

        private double number(String key, double absent) {
            JsonNode value = object.path(key);
            if (!isAbsent(value) && !value.isNumber()) {
                throw problem(key, value.toString(), "be a number");
            }
            return value.asDouble(absent);
        }

        private boolean flag(String key, boolean absent) {
            JsonNode value = object.path(key);
            if (!isAbsent(value) && !value.isBoolean()) {
                throw problem(key, value.toString(), "be true or false");
            }
            return value.asBoolean(absent);
        }

        private static boolean isAbsent(JsonNode value) {
            return value.isMissingNode() || value.isNull();
        }

        private static String quoted(String text) {
            return "\"" + text + "\"";
        }

        private InvalidFileException problem(String key, String found, String demand) {
            return new InvalidFileException(path, prefix + key + " is " + found + ", but must " + demand);
        }
    }
}
