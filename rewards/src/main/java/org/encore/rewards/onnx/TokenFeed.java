package org.encore.rewards.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.text.TextTokenizer;

/** Feeds the ids of the caption's tokens. */
final class TokenFeed implements Feed {
    private final OnnxInput.Tokens input;
    private final TextTokenizer tokenizer;

    TokenFeed(OnnxInput.Tokens input) {
        this.input = input;
        try {
            this.tokenizer = TextTokenizer.ofFile(input.tokenizer(), input.maxTokens());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, OnnxJavaType> inputs() {
        Map<String, OnnxJavaType> inputs = new LinkedHashMap<>();
        inputs.put(input.name(), OnnxJavaType.INT64);
        input.mask().ifPresent(mask -> inputs.put(mask, OnnxJavaType.INT64));
        return inputs;
    }

    @Override
    public boolean isOfOneShape() {
        return input.padding();
    }

    @Override
    public Map<String, OnnxTensor> tensors(OrtEnvironment environment, List<Window> windows) throws OrtException {
        List<int[]> rows = windows.stream()
                .map(window -> tokenizer.encode(window.prompt()))
                .toList();
        int length = input.padding()
                ? input.maxTokens()
                : rows.stream().mapToInt(row -> row.length).max().orElseThrow();
        long[] ids = new long[Math.multiplyExact(rows.size(), length)];
        long[] mask = new long[ids.length];
        Arrays.fill(ids, input.paddingId());
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < rows.get(row).length; i++) {
                ids[row * length + i] = rows.get(row)[i];
                mask[row * length + i] = 1;
            }
        }
        long[] shape = {rows.size(), length};
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        tensors.put(input.name(), OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
        if (input.mask().isPresent()) {
            tensors.put(input.mask().get(), OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
        }
        return tensors;
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
