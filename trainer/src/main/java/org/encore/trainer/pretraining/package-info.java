/**
 * Pretraining: trains the model that fine-tuning starts from, to predict the next code of captioned pieces.
 *
 * <p>Read first: {@link org.encore.trainer.pretraining.Pretraining}, then
 * {@link org.encore.trainer.pretraining.PretrainSettings} and {@link org.encore.trainer.pretraining.CorpusSource}, which
 * fine-tuning uses, too. Losses are in nats per code.
 *
 * <p>Invariants: item i of step s, counted from 1, is piece {@code (s - 1) · batch + i} of the corpus, so a resumed run sees
 * the same pieces; evaluation reads held-out pieces, which are never training pieces, and changes nothing.
 *
 * <p>A new model of notes is written in our own layout; one of sound begins as a MusicGen directory with its codec and stays one.
 *
 * <p>To change the sizes of the model, change the {@code model} of a preset. To add a corpus, implement
 * {@link org.encore.music.corpus.Corpus} and add a record to {@link org.encore.trainer.pretraining.CorpusSource} that names its
 * codec.
 */
package org.encore.trainer.pretraining;
