/**
 * Linear probes on what a decoder's attention heads and layers compute: from clips with and without a trait to a directory of probes.
 *
 * <p>{@link org.encore.steering.probes.Segments} cuts pairs of clips, {@link org.encore.steering.probes.HeadOutputs} plays them to the model and keeps the last step, {@link org.encore.steering.probes.LogisticRegression} fits one probe a head, {@link org.encore.steering.probes.ProbeFit} does all of it, {@link org.encore.steering.probes.ProbeDirectory} is the result.
 *
 * @paper Koo et al. 2025, SMITIN, <a href="https://arxiv.org/abs/2404.02252">arXiv 2404.02252</a>
 */
package org.encore.steering.probes;
