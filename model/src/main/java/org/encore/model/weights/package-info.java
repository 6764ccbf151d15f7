/**
 * Weight files: safetensors, and model directories in the Hugging Face layout.
 *
 * <p>Read first: {@link org.encore.model.weights.ModelDirectory}, then {@link org.encore.model.weights.SafetensorsFile}.
 *
 * <p>Invariants: a file is checked in full before it is used; files are written atomically.
 *
 * <p>To change which models can be read, change {@link org.encore.model.weights.HuggingFaceConfig} and the names in
 * {@link org.encore.model.transformer.ParameterLayout.ParameterNames}.
 */
package org.encore.model.weights;
