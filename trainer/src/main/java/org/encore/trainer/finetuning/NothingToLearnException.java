package org.encore.trainer.finetuning;

/** No sample of an iteration can be learned from; thrown before anything has changed. */
final class NothingToLearnException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    NothingToLearnException(String message) {
        super(message);
    }
}
