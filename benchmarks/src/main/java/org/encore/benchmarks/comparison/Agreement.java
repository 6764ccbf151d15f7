package org.encore.benchmarks.comparison;

import java.util.Locale;
import org.encore.benchmarks.children.EngineProcess;
import org.encore.benchmarks.engines.Engine.Decoded;
import org.encore.benchmarks.engines.Engine.LossAndNorm;
import org.encore.benchmarks.engines.Work;

/**
 * What both sides computed from the same weights and codes: proof that they do the same work.
 *
 * @param encore Encore's loss and norm of the gradient
 * @param libtorch the peer's
 * @param playedByEncore how much worse, in nats a code, the peer found what Encore played than Encore said
 * @param playedByLibtorch how much worse, in nats a code, Encore found what the peer played than the peer said
 */
public record Agreement(LossAndNorm encore, LossAndNorm libtorch, double playedByEncore, double playedByLibtorch) {
    /** The most that losses may differ, in nats a code. */
    static final double LOSS_TOLERANCE = 1e-4;
    /** The most that norms may differ, as a share. */
    static final double NORM_TOLERANCE = 1e-3;

    /**
     * Asks both.
     *
     * @throws DisagreementException if they differ by more than rounding
     */
    static Agreement of(EngineProcess encore, EngineProcess libtorch) {
        int[][] codes = Work.codes(Work.CHECK);
        Decoded mine = encore.generate(codes.length, codes[0].length);
        Decoded its = libtorch.generate(codes.length, codes[0].length);
        Agreement agreement = new Agreement(
                encore.lossAndNorm(codes),
                libtorch.lossAndNorm(codes),
                libtorch.loss(mine.codes()) + mine.meanLogProb(),
                encore.loss(its.codes()) + its.meanLogProb());
        agreement.require();
        return agreement;
    }

    /** Fails unless all differences are small; NaN is no small difference. */
    void require() {
        require("mean cross-entropy", encore.loss(), libtorch.loss(), LOSS_TOLERANCE);
        require(
                "gradient norm",
                encore.gradientNorm(),
                libtorch.gradientNorm(),
                NORM_TOLERANCE * libtorch.gradientNorm());
        require("likelihood of what Encore played", playedByEncore, 0.0, LOSS_TOLERANCE);
        require("likelihood of what LibTorch played", playedByLibtorch, 0.0, LOSS_TOLERANCE);
    }

    private static void require(String what, double mine, double its, double tolerance) {
        if (!(Math.abs(mine - its) <= tolerance)) {
            throw new DisagreementException(String.format(
                    Locale.ROOT,
                    "the two sides do not compute the same: %s is %.6f on Encore and %.6f on LibTorch, but may differ by %.1e"
                            + " at most; their speed was not compared",
                    what,
                    mine,
                    its,
                    tolerance));
        }
    }

    /** The two sides do not compute the same, so that their speed says nothing. */
    public static final class DisagreementException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DisagreementException(String message) {
            super(message);
        }
    }
}
