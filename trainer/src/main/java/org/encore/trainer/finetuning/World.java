package org.encore.trainer.finetuning;

import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus;
import org.encore.rewards.mixture.Mixture;

/**
 * What a policy plays in and is judged by.
 *
 * @param codec what its codes mean
 * @param corpus where prompts come from
 * @param mixture what is rewarded
 */
record World(AudioCodec codec, Corpus corpus, Mixture mixture) {}
