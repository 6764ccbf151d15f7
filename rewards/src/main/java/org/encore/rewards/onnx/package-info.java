/**
 * Rewards that are anybody's models in the ONNX format, run by ONNX Runtime.
 *
 * <p>Read first: {@link org.encore.rewards.onnx.OnnxReward}, then {@link org.encore.rewards.onnx.Onnx} and
 * {@link org.encore.rewards.onnx.OnnxInput}.
 *
 * <p>Legend: B windows, N samples of sound, S tokens; a window is a stretch of a sample's sound with its caption.
 *
 * <p>Invariants: a model is told exactly the inputs it has, checked when it is loaded. Windows whose tensors may differ
 * in shape are run one by one, so that nothing is filled up unless the settings say so.
 *
 * <p>To add a kind of input: a record in {@code OnnxInput} and a {@code Feed} beside it.
 */
package org.encore.rewards.onnx;
