/**
 * Steering: what probes say about the music that is being generated, and what is added to the model's heads or layers in answer.
 *
 * <p>{@link org.encore.steering.control.Control} says how, {@link org.encore.steering.control.Dial} what and how much, {@link org.encore.steering.control.Steering} does it in generation and keeps a {@link org.encore.steering.control.Steering.Trace}.
 *
 * @paper Koo et al. 2025, SMITIN, <a href="https://arxiv.org/abs/2404.02252">arXiv 2404.02252</a>; Li et al. 2023, Inference-Time Intervention, <a href="https://arxiv.org/abs/2306.03341">arXiv 2306.03341</a>
 */
package org.encore.steering.control;
