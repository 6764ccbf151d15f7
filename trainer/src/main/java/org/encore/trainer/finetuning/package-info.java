/**
 * Fine-tuning by reinforcement learning: the run, its iterations and its state.
 *
 * <p>Read first: {@link org.encore.trainer.finetuning.FineTuning}, then {@link org.encore.trainer.finetuning.Iteration}, which
 * lists the phases, {@link org.encore.trainer.finetuning.Workers}, which does what grows with the samples, here or in other processes,
 * and {@link org.encore.trainer.finetuning.PolicyImprover}. The mathematics is in
 * {@link org.encore.trainer.advantages}, {@link org.encore.trainer.kl} and {@link org.encore.trainer.objective}.
 *
 * <p>Axes: B samples, T steps of a sample, N = B·T rows, M valid steps, K codebooks, V codes. A step is one column of the delay
 * pattern: with one codebook, one code. Log-probabilities and KL are in nats.
 *
 * <p>Invariants: all random numbers are functions of the seed and the iteration; the reference never changes; evaluation and
 * profiles read weights and change nothing; a result does not depend on where the shards work, in this process or in others
 * ({@link org.encore.trainer.finetuning.ShardCluster}); a checkpoint holds all state that the next iteration depends on.
 *
 * <p>To change how advantages are computed or where the KL penalty is applied, add a variant to the sealed types of those
 * packages; to change what is rewarded, implement {@link org.encore.rewards.RewardModel}; to change when a run warns about its
 * profile, change {@link org.encore.trainer.finetuning.ProfileWatch}.
 */
package org.encore.trainer.finetuning;
