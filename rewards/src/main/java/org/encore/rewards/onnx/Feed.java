package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;

/** Turns windows of samples into tensors of a model. */
interface Feed extends AutoCloseable {
    /** The inputs it fills, and what they must hold. */
    Map<String, OnnxJavaType> inputs();

    /** Whether all windows of equal length give tensors of equal shape. */
    boolean isOfOneShape();

    /** The tensors of some windows of equal length, by the names of the inputs; closed by the caller. */
    Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException;

    @Override
    default void close() {}
}
