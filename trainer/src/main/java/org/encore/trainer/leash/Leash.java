package org.encore.trainer.leash;

import java.util.Objects;

/**
 * The whole penalty: where it is charged and how strong it is.
 *
 * @param penalty where the divergence is charged
 * @param controller how the coefficient moves
 */
public record Leash(KlPenalty penalty, KlController controller) {
    public Leash {
        Objects.requireNonNull(penalty, "penalty is missing");
        Objects.requireNonNull(controller, "controller is missing");
        if (!(controller.largest() < penalty.coefficientLimit())) {
            throw new IllegalArgumentException("the coefficient may reach " + controller.largest()
                    + ", but must stay below " + penalty.coefficientLimit() + " where the loss charges the divergence");
        }
    }

    /** As in the MusicRL paper: exact, in the loss, with a fixed coefficient. */
    public static Leash defaults() {
        return new Leash(KlPenalty.defaults(), KlController.defaults());
    }
}
