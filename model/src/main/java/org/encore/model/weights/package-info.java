/**
 * Weight files: safetensors, model directories in the Hugging Face layout, adapters in PEFT's, decoders in audiocraft's names.
 *
 * <p>Read first: {@link org.encore.model.weights.ModelDirectory}, then {@link org.encore.model.weights.WeightFiles}, which
 * are one {@link org.encore.model.weights.SafetensorsFile} or several shards.
 *
 * <p>Invariants: a file is checked in full before it is used; files are written atomically; a checkpoint of the
 * reference implementation is written with the names, shapes and number formats it came with.
 *
 * <p>To change which models can be read, change {@link org.encore.model.weights.HuggingFaceConfig} and the names in
 * {@link org.encore.model.transformer.ParameterLayout.ParameterNames}.
 */
package org.encore.model.weights;
