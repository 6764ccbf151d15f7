/**
 * What a fine-tuning run will take, before anything is loaded: operations and time of an iteration by phase.
 *
 * <p>Read first: {@link org.encore.trainer.planning.IterationCost}, which counts; then {@link
 * org.encore.trainer.planning.MachineRates}, which measures one block of the model's width on this machine. Memory is the matter of
 * {@link org.encore.trainer.finetuning.FineTuneMemory}.
 *
 * <p>Units: operations are multiplications and additions of matrix products, a pass forward; times are in seconds. Letters as in
 * {@link org.encore.trainer.finetuning}.
 *
 * <p>Invariants: counts need the sizes of {@code config.json} alone; a phase that depends on what nobody can know, such as the time of
 * a reward, is left out.
 *
 * <p>To change what an iteration does, change {@link org.encore.trainer.planning.IterationCost} with {@link
 * org.encore.trainer.finetuning.FineTuning}.
 */
package org.encore.trainer.planning;
