package org.encore.model.transformer;

/** Names of parameters in the Hugging Face layout. */
public final class Names {
    public static final String TEXT_EMBEDDING = "text_encoder.shared.weight";
    /** Second name of {@link #TEXT_EMBEDDING}; a file may hold either or both. */
    public static final String TEXT_EMBEDDING_ALIAS = "text_encoder.encoder.embed_tokens.weight";

    public static final String RELATIVE_BIAS =
            "text_encoder.encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight";
    public static final String TEXT_FINAL_NORM = "text_encoder.encoder.final_layer_norm.weight";
    public static final String PROJECTION = "enc_to_dec_proj.";
    public static final String DECODER_FINAL_NORM = "decoder.model.decoder.layer_norm.";
    /** Sinusoids, stored but not learned. */
    public static final String POSITIONS = "decoder.model.decoder.embed_positions.weights";
    /** The scalar head has no counterpart in that layout; the name is ours. */
    public static final String SCALAR_HEAD = "score.";

    private Names() {}

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
