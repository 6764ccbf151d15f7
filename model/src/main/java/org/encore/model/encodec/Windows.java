package org.encore.model.encodec;

import java.util.ArrayList;
import java.util.List;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.encodec.LayerSpec.Conv;
import org.encore.model.encodec.LayerSpec.TransposedConv;
import org.encore.model.kernels.Kernels;

/**
 * Which steps of its long side each window of a convolution covers, by number, padding and trimming included.
 *
 * <p>A convolution reads the windows of its input; a transposed one adds up the windows of its output.
 */
final class Windows {
    private final List<Block> blocks = new ArrayList<>();

    /**
     * Neighbouring windows.
     *
     * @param first the first window's number
     * @param count number of windows
     * @param rows steps of all taps, window by window; {@link Kernels#NO_ROW} for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Block(int first, int count, int[] rows) {}

    /** A rule for one tap. */
    private interface Rule {
        int row(int window, int tap);
    }

    private Windows(int kernel, int windows, int blockSize, Rule rule) {
        for (int first = 0; first < windows; first += blockSize) {
            int count = Math.min(blockSize, windows - first);
            int[] rows = new int[count * kernel];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = rule.row(first + i / kernel, i % kernel);
            }
            blocks.add(new Block(first, count, rows));
        }
    }

    List<Block> blocks() {
        return blocks;
    }

    /** Steps before and after the signal that a convolution covers. */
    record Margins(int left, int right) {
        static Margins of(Conv c, boolean causal) {
            int total = (c.kernel() - 1) * c.dilation() + 1 - c.stride();
            int right = causal ? 0 : Math.max(0, total) / 2;
            return new Margins(total - right, right);
        }

        /** What a transposed convolution cuts off. */
        static Margins of(TransposedConv c, EncodecConfig config) {
            int total = c.kernel() - c.stride();
            int right = config.causal() ? (int) Math.ceil(total * config.trimRightRatio()) : total / 2;
            return new Margins(total - right, right);
        }
    }

    /** Windows of a convolution over a signal, which is padded at the right to whole strides. */
    static Windows of(Conv c, EncodecConfig config, int steps, int blockSize) {
        Margins margins = Margins.of(c, config.causal());
        int windows = (steps + c.stride() - 1) / c.stride();
        int right = margins.right() + windows * c.stride() - steps;
        Padding padding = new Padding(config.padMode(), steps, Math.max(margins.left(), right));
        return new Windows(
                c.kernel(),
                windows,
                blockSize,
                (window, tap) -> padding.source(window * c.stride() + tap * c.dilation() - margins.left()));
    }

    /** Windows of a transposed convolution: steps of the trimmed output. */
    static Windows of(TransposedConv c, EncodecConfig config, int steps, int blockSize) {
        int left = Margins.of(c, config).left();
        int length = steps * c.stride();
        return new Windows(c.kernel(), steps, blockSize, (window, tap) -> {
            int place = window * c.stride() + tap - left;
            return place < 0 || place >= length ? Kernels.NO_ROW : place;
        });
    }

    /**
     * Which step stands at a place before or after a signal.
     *
     * @param length steps of the signal
     * @param most the longer of the two margins
     */
    private record Padding(PadMode mode, int length, int most) {
        int source(int place) {
            if (place >= 0 && place < length) {
                return place;
            }
            return switch (mode) {
                case CONSTANT -> Kernels.NO_ROW;
                case REPLICATE -> place < 0 ? 0 : length - 1;
                case REFLECT -> reflected(place);
            };
        }

        /** A signal too short to be mirrored is first lengthened by zeros at its right, as the reference does. */
        private int reflected(int place) {
            int mirrored = Math.max(length, most + 1);
            int at = place < 0 ? -place : place < mirrored ? place : 2 * (mirrored - 1) - place;
            return at < length ? at : Kernels.NO_ROW;
        }
    }
}
