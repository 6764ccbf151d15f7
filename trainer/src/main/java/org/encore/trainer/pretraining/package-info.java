/**
 * Trains a model from scratch to predict the next code of captioned pieces: the base that fine-tuning starts from.
 *
 * <p>Read first: {@link org.encore.trainer.pretraining.Pretraining}, then {@link
 * org.encore.trainer.pretraining.PretrainSettings}. Losses are in nats a code.
 *
 * <p>Invariants: item i of step s is piece {@code s · batch + i} of the corpus, so a resumed run sees the same pieces;
 * evaluation reads its own pieces and changes nothing.
 *
 * <p>To change the model that is made, change a preset's {@code model}; to change what it learns from, write another {@link
 * org.encore.trainer.pretraining.CorpusSource}.
 */
package org.encore.trainer.pretraining;
