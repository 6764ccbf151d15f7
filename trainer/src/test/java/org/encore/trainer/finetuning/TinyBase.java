package org.encore.trainer.finetuning;

final class TinyBase {
    static final int MAX_FRAMES = 48;
    private TinyBase() {}
}
