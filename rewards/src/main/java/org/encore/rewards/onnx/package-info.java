/**
 * Rewards from external models in ONNX format, run by ONNX Runtime.
 *
 * <p>Read first: {@link org.encore.rewards.onnx.OnnxReward}, then {@link org.encore.rewards.onnx.Onnx} and
 * {@link org.encore.rewards.onnx.OnnxInput}.
 *
 * <p>Legend: B windows, N samples of sound, S tokens; a window is a section of a sample's sound with its caption.
 *
 * <p>Invariants: a model receives exactly the inputs it has, which is checked when it is loaded. Windows whose tensors
 * may differ in shape run one by one, so that nothing is padded unless the settings say so.
 *
 * <p>To add a kind of input: a record in {@code OnnxInput} and a {@code Feed} beside it.
 */
package org.encore.rewards.onnx;
