package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ModelConfig.TextEncoderConfig;

/**
 * Where each parameter lies in the flat vector, under the names of the Hugging Face layout.
 *
 * <p>The text encoder comes first, so that it can be frozen as one range; within each part the matrices that weight decay
 * applies to come first. Query, key and value matrices of one attention lie next to each other, so that one product
 * computes all three.
 */
public final class ParameterLayout {
    /** Which part of the model a parameter belongs to. */
    public enum Part {
        /** The text encoder. */
        TEXT_ENCODER,
        /** The projection of the text and all cross-attention. */
        CROSS_ATTENTION,
        /** Everything else of the decoder, its head included. */
        DECODER
    }

    /**
     * One parameter.
     *
     * @param name name in the checkpoint
     * @param offset first element in the flat vector
     * @param shape shape in the checkpoint
     * @param part part of the model
     * @param decayed whether weight decay applies
     */
    public record Entry(String name, int offset, List<Integer> shape, Part part, boolean decayed) {
        /** Number of elements. */
        public int size() {
            return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        }

        /** Rows as a matrix: the first axis of two, else 1. */
        public int rows() {
            return shape.size() == 2 ? shape.get(0) : 1;
        }

        /** Columns as a matrix. */
        public int columns() {
            return size() / rows();
        }
    }

    /**
     * A range of the flat vector that the optimiser treats alike.
     *
     * @param offset first element
     * @param size number of elements
     * @param part part of the model
     * @param decayed whether weight decay applies
     */
    public record Range(int offset, int size, Part part, boolean decayed) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long size;

    private ParameterLayout() {}

    /**
     * The layout of a model.
     *
     * @throws ArithmeticException if it has 2^31 parameters or more, which one vector cannot hold
     */
    public static ParameterLayout of(ModelConfig config) {
        ParameterLayout layout = unchecked(config);
        Math.toIntExact(layout.size);
        return layout;
    }

    private static ParameterLayout unchecked(ModelConfig config) {
        ParameterLayout layout = new ParameterLayout();
        config.text().ifPresent(layout::addText);
        layout.addDecoder(config);
        return layout;
    }

    /** Names, shapes and order of the parameters of a model of any size; offsets are meaningless from 2^31 on. */
    public static List<Entry> shapes(ModelConfig config) {
        return unchecked(config).entries();
    }

    /** Number of parameters of a model of any size. */
    public static long count(ModelConfig config) {
        return unchecked(config).size;
    }

    /** Number of parameters of a part of a model of any size. */
    public static long count(ModelConfig config, Part part) {
        return shapes(config).stream()
                .filter(entry -> entry.part() == part)
                .mapToLong(Entry::size)
                .sum();
    }

    /**
     * The layout of a model's adapters, under PEFT's names without their prefix.
     *
     * @param config of the model; a scalar head is trained with the adapters, because the base has none
     */
    public static ParameterLayout adapters(ModelConfig config, LoraSettings lora) {
        ParameterLayout layout = new ParameterLayout();
        for (Entry e : shapes(config)) {
            String module = e.name().substring(0, Math.max(e.name().lastIndexOf('.'), 0));
            boolean adapted = e.part() != Part.TEXT_ENCODER
                    && e.name().endsWith(".weight")
                    && lora.targets().stream().anyMatch(target -> module.endsWith("." + target.module()));
            if (adapted) {
                layout.add(module + ParameterNames.LORA_A, e.part(), true, lora.rank(), e.columns());
                layout.add(module + ParameterNames.LORA_B, e.part(), true, e.rows(), lora.rank());
            }
        }
        if (config.head() == ModelConfig.Head.SCALAR) {
            layout.addScalarHead(config.decoder().width());
        }
        return layout;
    }

    private void addText(TextEncoderConfig c) {
        int inner = c.innerWidth();
        for (int i = 0; i < c.layers(); i++) {
            String attention = ParameterNames.textAttention(i);
            for (String name : List.of("q", "k", "v")) {
                add(attention + name + ".weight", Part.TEXT_ENCODER, true, inner, c.width());
            }
            add(attention + "o.weight", Part.TEXT_ENCODER, true, c.width(), inner);
            add(ParameterNames.textFeedForward(i) + "wi.weight", Part.TEXT_ENCODER, true, c.feedForward(), c.width());
            add(ParameterNames.textFeedForward(i) + "wo.weight", Part.TEXT_ENCODER, true, c.width(), c.feedForward());
        }
        add(ParameterNames.TEXT_EMBEDDING, Part.TEXT_ENCODER, false, c.vocabulary(), c.width());
        add(ParameterNames.RELATIVE_BIAS, Part.TEXT_ENCODER, false, c.buckets(), c.heads());
        for (int i = 0; i < c.layers(); i++) {
            add(ParameterNames.textNorm(i, 0), Part.TEXT_ENCODER, false, c.width());
            add(ParameterNames.textNorm(i, 1), Part.TEXT_ENCODER, false, c.width());
        }
        add(ParameterNames.TEXT_FINAL_NORM, Part.TEXT_ENCODER, false, c.width());
    }

    private void addDecoder(ModelConfig config) {
        DecoderConfig c = config.decoder();
        int d = c.width();
        if (config.projectsText()) {
            int width = config.text().orElseThrow().width();
            add(ParameterNames.PROJECTION + "weight", Part.CROSS_ATTENTION, true, d, width);
        }
        for (int i = 0; i < c.layers(); i++) {
            String layer = ParameterNames.decoderLayer(i);
            addAttention(layer + "self_attn.", Part.DECODER, d);
            if (config.readsText()) {
                addAttention(layer + "encoder_attn.", Part.CROSS_ATTENTION, d);
            }
            add(layer + "fc1.weight", Part.DECODER, true, c.feedForward(), d);
            add(layer + "fc2.weight", Part.DECODER, true, d, c.feedForward());
        }
        if (config.head() == ModelConfig.Head.CODES) {
            for (int k = 0; k < c.codebooks(); k++) {
                add(ParameterNames.head(k), Part.DECODER, true, c.vocabulary(), d);
            }
        }
        for (int k = 0; k < c.codebooks(); k++) {
            add(ParameterNames.embedding(k), Part.DECODER, false, c.vocabulary() + 1, d);
        }
        addNorms(config);
        if (config.head() == ModelConfig.Head.SCALAR) {
            addScalarHead(d);
        }
    }

    private void addScalarHead(int width) {
        add(ParameterNames.SCALAR_HEAD + "weight", Part.DECODER, false, 1, width);
        add(ParameterNames.SCALAR_HEAD + "bias", Part.DECODER, false, 1);
    }

    private void addNorms(ModelConfig config) {
        int d = config.decoder().width();
        if (config.projectsText()) {
            add(ParameterNames.PROJECTION + "bias", Part.CROSS_ATTENTION, false, d);
        }
        for (int i = 0; i < config.decoder().layers(); i++) {
            addNorm(ParameterNames.decoderLayer(i) + "self_attn_layer_norm.", Part.DECODER, d);
            if (config.readsText()) {
                addNorm(ParameterNames.decoderLayer(i) + "encoder_attn_layer_norm.", Part.CROSS_ATTENTION, d);
            }
            addNorm(ParameterNames.decoderLayer(i) + "final_layer_norm.", Part.DECODER, d);
        }
        addNorm(ParameterNames.DECODER_FINAL_NORM, Part.DECODER, d);
    }

    private void addAttention(String prefix, Part part, int width) {
        for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
            add(prefix + name + ".weight", part, true, width, width);
        }
    }

    private void addNorm(String prefix, Part part, int width) {
        add(prefix + "weight", part, false, width);
        add(prefix + "bias", part, false, width);
    }

    private void add(String name, Part part, boolean decayed, Integer... shape) {
        Entry entry = new Entry(name, (int) size, List.of(shape), part, decayed);
        entries.put(name, entry);
        size += entry.size();
    }

    /** Number of elements of the flat vector. */
    public int size() {
        return Math.toIntExact(size);
    }

    /** All parameters in the order of the flat vector. */
    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** True if the model has a parameter of that name. */
    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /**
     * The parameter of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Entry entry(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("the model has no parameter " + name);
        }
        return entry;
    }

    /** The flat vector cut where the part or the decay changes. */
    public List<Range> ranges() {
        List<Range> ranges = new ArrayList<>();
        for (Entry e : entries.values()) {
            Range last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
            if (last != null && last.part() == e.part() && last.decayed() == e.decayed()) {
                ranges.set(ranges.size() - 1, new Range(last.offset(), last.size() + e.size(), e.part(), e.decayed()));
            } else {
                ranges.add(new Range(e.offset(), e.size(), e.part(), e.decayed()));
            }
        }
        return ranges;
    }

    /** Names of parameters in the Hugging Face layout. */
    public static final class ParameterNames {
        public static final String TEXT_EMBEDDING = "text_encoder.shared.weight";
        /** Second name of {@link #TEXT_EMBEDDING}; a file may hold either or both. */
        public static final String TEXT_EMBEDDING_ALIAS = "text_encoder.encoder.embed_tokens.weight";

        public static final String RELATIVE_BIAS =
                "text_encoder.encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
        public static final String TEXT_FINAL_NORM = "text_encoder.encoder.final_layer_norm.weight";
        public static final String PROJECTION = "enc_to_dec_proj.";
        public static final String DECODER_FINAL_NORM = "decoder.model.decoder.layer_norm.";
        /** Sinusoids, stored but not trained. */
        public static final String POSITIONS = "decoder.model.decoder.embed_positions.weights";
        /** The scalar head has no counterpart in that layout; the name is ours. */
        public static final String SCALAR_HEAD = "score.";

        /** After the name of a module: its adapter's A. */
        public static final String LORA_A = ".lora_A.weight";
        /** After the name of a module: its adapter's B. */
        public static final String LORA_B = ".lora_B.weight";

        private ParameterNames() {}

        static String textAttention(int layer) {
            return "text_encoder.encoder.block." + layer + ".layer.0.SelfAttention.";
        }

        static String textFeedForward(int layer) {
            return "text_encoder.encoder.block." + layer + ".layer.1.DenseReluDense.";
        }

        static String textNorm(int layer, int part) {
            return "text_encoder.encoder.block." + layer + ".layer." + part + ".layer_norm.weight";
        }

        static String decoderLayer(int layer) {
            return "decoder.model.decoder.layers." + layer + ".";
        }

        static String embedding(int codebook) {
            return "decoder.model.decoder.embed_tokens." + codebook + ".weight";
        }

        static String head(int codebook) {
            return "decoder.lm_heads." + codebook + ".weight";
        }
    }
}
