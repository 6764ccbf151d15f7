package org.encore.model.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.encore.model.kernels.Dropout;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Tensor;
import org.encore.model.transformer.DecoderActivations.Normed;
import org.encore.model.transformer.ModelBatch.BatchShape;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.TextEncoder.TextActivations;
import org.encore.model.transformer.TextEncoder.TextWeights;

/**
 * A decoder over K codebooks, optionally conditioned on text, with logits or one scalar a step as output.
 *
 * <p>A pass: {@link #forward}, then read {@link #logits} or {@link #scalars}; to train, overwrite them with their gradient and call {@link #backward}. In between no other pass may use the same {@link Activations}.
 */
public final class MusicTransformer {
    private final Kernels kernels;
    private final ModelConfig config;
    private final Parameters parameters;
    private final Optional<Adapters> adapters;
    private final Linear.Products products;
    private final TextWeights textWeights;
    private final DecoderWeights decoderWeights;
    private final TextEncoder textEncoder;
    private final DecoderBlock block;
    private final Tensor positions;
    /** Of embeddings, then of positions. */
    private final List<Tensor> tables;

    private Parameters lastGradient;
    private DecoderWeights lastGradientViews;

    /** Low-rank adapters on the matrices of a base that is frozen and may be shared. */
    private record Adapters(LoraSettings settings, Parameters parameters) {}

    /** A model whose weights are zero; see {@link Initialisation} and the weight files. */
    public MusicTransformer(Kernels kernels, ModelConfig config) {
        this(
                kernels,
                config,
                new Parameters(kernels, ParameterLayout.of(config)),
                Optional.empty(),
                positions(kernels, config.decoder()));
    }

    private MusicTransformer(
            Kernels kernels, ModelConfig config, Parameters parameters, Optional<Adapters> adapters, Tensor positions) {
        this.kernels = kernels;
        this.config = config;
        this.parameters = parameters;
        this.adapters = adapters;
        this.positions = positions;
        this.textWeights = textWeights(parameters);
        this.decoderWeights = adapters.isPresent()
                ? DecoderWeights.adapted(parameters, adapters.get().parameters(), config)
                : DecoderWeights.of(parameters, config);
        this.products = new Linear.Products(
                kernels, adapters.map(each -> each.settings().scale()).orElse(1.0));
        this.textEncoder =
                config.text().map(text -> new TextEncoder(kernels, text)).orElse(null);
        this.tables = new ArrayList<>(decoderWeights.embeddings());
        tables.add(positions);
        this.block = new DecoderBlock(kernels, config.decoder().activation(), products);
    }

    private TextWeights textWeights(Parameters vector) {
        return config.text().map(text -> TextWeights.of(vector, text)).orElse(null);
    }

    private static Tensor positions(Kernels kernels, DecoderConfig d) {
        Tensor table = kernels.allocate(d.maxPositions(), d.width());
        kernels.write(table, Sinusoids.table(d.maxPositions(), d.width()));
        return table;
    }

    /** A model with the same weights, not a copy, and other kernels of the same kind, for another thread. */
    public MusicTransformer replica(Kernels others) {
        return new MusicTransformer(others, config, parameters, adapters, positions);
    }

    /**
     * A model of the same weights, not a copy, with new adapters, whose B is zero: it computes what this model does.
     *
     * @param head its head; a scalar head is new, zero, and trained with the adapters
     */
    public MusicTransformer withAdapters(LoraSettings lora, ModelConfig.Head head) {
        ModelConfig adapted = config.withHead(head);
        Parameters own = new Parameters(kernels, ParameterLayout.adapters(adapted, lora));
        return new MusicTransformer(kernels, adapted, parameters, Optional.of(new Adapters(lora, own)), positions);
    }

    /** The settings of the adapters, if the model has any. */
    public Optional<LoraSettings> lora() {
        return adapters.map(Adapters::settings);
    }

    /** Adds the adapters to the weights, which every model that shares them then has; the adapters' B become zero. */
    public void merge() {
        for (DecoderWeights.Block each : decoderWeights.blocks()) {
            for (Linear matrix : each.matrices()) {
                products.addMerged(matrix, matrix.weight());
                matrix.adapters().forEach(adapter -> kernels.fill(adapter.b(), 0.0));
            }
        }
    }

    Linear.Products products() {
        return products;
    }

    public Kernels kernels() {
        return kernels;
    }

    public ModelConfig config() {
        return config;
    }

    /** All weights but adapters; with adapters they are frozen. */
    public Parameters parameters() {
        return parameters;
    }

    /** What is trained: the adapters, or all weights without. */
    public Parameters trainable() {
        return adapters.map(Adapters::parameters).orElse(parameters);
    }

    /** A gradient, or a moment, of what is trained, zero. */
    public Parameters zerosLike() {
        return new Parameters(kernels, trainable().layout());
    }

    /** Runs the whole model. */
    public void forward(Activations activations, ModelBatch batch) {
        forward(activations, batch, state -> {});
    }

    /**
     * Runs the whole model and passes the residual stream before each block, then the normalised states, to an observer.
     *
     * @param observer gets {@code layers + 1} tensors {@code [N, D]}; must not keep or change them
     */
    public void forward(Activations activations, ModelBatch batch, Consumer<Tensor> observer) {
        if (batch.isGuided() && (!config.readsText() || config.head() == ModelConfig.Head.SCALAR)) {
            throw new IllegalArgumentException("guidanceScale is " + batch.guidanceScale()
                    + ", but must be 1: the model reads no text, or has no logits");
        }
        forwardBranches(activations, batch, observer);
        if (batch.isGuided()) {
            for (Tensor logits : activations.at(batch.shape().twice()).decoder().logits) {
                Guidance.combine(kernels, logits, batch.guidanceScale());
            }
        }
    }

    private void forwardBranches(Activations activations, ModelBatch pass, Consumer<Tensor> observer) {
        ModelBatch batch = pass.branches();
        config.decoder().requirePositions(batch.shape().steps());
        products.begin(batch.adapterDropout());
        Activations.Views read = activations.at(pass.shape());
        if (config.readsText()) {
            encodeText(activations, pass);
        }
        DecoderActivations a = activations.at(batch.shape()).decoder();
        kernels.embed(a.ids(batch.inputs()), tables, a.x);
        drop(batch.dropout(), a.x);
        for (int i = 0; i < config.decoder().layers(); i++) {
            observer.accept(a.x);
            if (a.isRecomputed()) {
                kernels.copy(a.x, a.blockInputs.get(i));
            }
            runBlock(i, a, read, batch.dropout());
        }
        Normed n = a.states;
        kernels.layerNorm(
                a.x, decoderWeights.finalNorm(), DecoderBlock.EPSILON, n.normalised(), n.inverseDeviation(), n.out());
        observer.accept(n.out());
        head(n.out(), a);
    }

    private void runBlock(int i, DecoderActivations a, Activations.Views read, Dropout dropout) {
        block.forward(decoderWeights.blocks().get(i), i, a, read.decoder(), read.validity(), dropout.at(i));
    }

    /** Fills the text and its validity of the sequences that have text. */
    private void encodeText(Activations activations, ModelBatch pass) {
        if (pass.textStates().length == 0) {
            readText(activations, pass.shape(), pass.textIds(), pass.textValidity());
            return;
        }
        Activations.Views views = activations.at(pass.shape());
        Tensor text = views.decoder().text;
        kernels.write(views.validity(), pass.textValidity());
        kernels.write(text, pass.textStates());
        kernels.scaleRows(text, views.validity().reshaped(text.rows(), 1));
    }

    /** The text at the decoder's width, without the rest of a pass. Shapes: ids and validity {@code [B * S]} */
    public Tensor readText(Activations activations, BatchShape shape, int[] ids, float[] validity) {
        Activations.Views views = activations.at(shape);
        TextActivations a = views.text();
        if (a == null) {
            throw new IllegalArgumentException("the pass brings no text states, but its buffers have no text encoder");
        }
        kernels.write(a.validity, validity);
        textEncoder.forward(textWeights, a, ids);
        project(a.states.out(), a.validity, views.decoder().text);
        return views.decoder().text;
    }

    /** Text states at the decoder's width; zero where the text is padding. */
    private void project(Tensor states, Tensor validity, Tensor text) {
        if (config.projectsText()) {
            kernels.linear(states, decoderWeights.projection(), text);
            kernels.addBias(decoderWeights.projectionBias(), text);
        } else {
            kernels.copy(states, text);
        }
        kernels.scaleRows(text, validity.reshaped(text.rows(), 1));
    }

    /** Drops from the embedded codes, or from their gradient. */
    private void drop(Dropout dropout, Tensor x) {
        if (!dropout.isNone()) {
            kernels.dropout(dropout, x);
        }
    }

    private void head(Tensor states, DecoderActivations a) {
        if (config.head() == ModelConfig.Head.SCALAR) {
            kernels.linear(states, decoderWeights.heads().get(0), a.scalars);
            kernels.addBias(decoderWeights.scalarBias(), a.scalars);
            return;
        }
        for (int k = 0; k < config.decoder().codebooks(); k++) {
            kernels.linear(states, decoderWeights.heads().get(k), a.logits.get(k));
        }
    }

    /**
     * Logits of each codebook after a pass, guided if the pass was; their gradient before {@link #backward}. Shapes: each
     * {@code [N, V]}
     */
    public List<Tensor> logits(Activations activations, ModelBatch batch) {
        if (!batch.isGuided()) {
            return activations.at(batch.shape()).decoder().logits;
        }
        return activations.at(batch.shape().twice()).decoder().logits.stream()
                .map(Guidance::guided)
                .toList();
    }

    /** The scalar of each step after a pass; its gradient before {@link #backward}. Shapes: {@code [N, 1]} */
    public Tensor scalars(Activations activations, BatchShape shape) {
        return activations.at(shape).decoder().scalars;
    }

    /** States of the text encoder after a pass. Shapes: {@code [B * S, E]} */
    public Tensor textStates(Activations activations, BatchShape shape) {
        return activations.at(shape).text().states.out();
    }

    /** Projected text states after a pass. Shapes: {@code [B * S, D]} */
    public Tensor projectedText(Activations activations, BatchShape shape) {
        return activations.at(shape).decoder().text;
    }

    /**
     * Adds the gradient of all parameters.
     *
     * @throws IllegalStateException if the model has adapters, whose text encoder is frozen
     */
    public void backward(Activations activations, ModelBatch pass, Parameters gradient) {
        if (adapters.isPresent()) {
            throw new IllegalStateException("with adapters the text encoder is frozen");
        }
        branchGradient(activations, pass, gradient);
        if (!config.readsText()) {
            return;
        }
        Activations.Views own = activations.at(pass.shape());
        Tensor dtext = own.decoder().dtext;
        TextActivations t = own.text();
        if (config.projectsText()) {
            kernels.linearInputGradient(dtext, decoderWeights.projection(), t.dy);
        } else {
            kernels.copy(dtext, t.dy);
        }
        textEncoder.backward(textWeights, textWeights(gradient), t, pass.textIds());
    }

    /** Adds the gradient of all parameters but the text encoder's, or of the adapters. */
    public void backwardWithoutText(Activations activations, ModelBatch pass, Parameters gradient) {
        branchGradient(activations, pass, gradient);
    }

    private void branchGradient(Activations activations, ModelBatch pass, Parameters gradient) {
        ModelBatch batch = pass.branches();
        Activations.Views read = activations.at(pass.shape());
        DecoderActivations a = activations.at(batch.shape()).decoder();
        if (pass.isGuided()) {
            for (Tensor logits : a.logits) {
                Guidance.gradient(kernels, logits, pass.guidanceScale());
            }
        }
        DecoderWeights dw = viewsOf(gradient);
        decoderGradient(a, read, batch, dw);
        if (config.readsText() && adapters.isEmpty() && pass.textStates().length == 0) {
            projectionGradient(read, dw);
        }
    }

    private Tensor sink() {
        return kernels.allocate(2, config.decoder().width());
    }

    /** Views of a gradient; the last are cached, because a model rarely has more than one gradient. */
    private DecoderWeights viewsOf(Parameters gradient) {
        if (!gradient.equals(lastGradient)) {
            lastGradient = gradient;
            lastGradientViews = adapters.isPresent()
                    ? DecoderWeights.ofAdapters(gradient, sink(), config)
                    : DecoderWeights.of(gradient, config);
        }
        return lastGradientViews;
    }

    private void decoderGradient(DecoderActivations a, Activations.Views read, ModelBatch batch, DecoderWeights dw) {
        products.begin(batch.adapterDropout());
        kernels.fill(a.dx, 0.0);
        if (config.readsText()) {
            kernels.fill(read.decoder().dtext, 0.0);
        }
        headGradient(a, dw);
        Normed n = a.states;
        kernels.layerNormGradient(
                a.dy, n.normalised(), n.inverseDeviation(), decoderWeights.finalNorm(), dw.finalNorm(), a.dx);
        for (int i = config.decoder().layers() - 1; i >= 0; i--) {
            if (a.isRecomputed()) {
                kernels.copy(a.blockInputs.get(i), a.x);
                runBlock(i, a, read, batch.dropout());
            }
            block.backward(
                    decoderWeights.blocks().get(i),
                    dw.blocks().get(i),
                    i,
                    a,
                    read.decoder(),
                    batch.dropout().at(i));
        }
        drop(batch.dropout(), a.dx);
        for (int k = 0; k < dw.embeddings().size(); k++) {
            kernels.embedGradient(batch.inputs()[k], a.dx, dw.embeddings().get(k));
        }
    }

    private void projectionGradient(Activations.Views views, DecoderWeights dw) {
        Tensor dtext = views.decoder().dtext;
        kernels.scaleRows(dtext, views.validity().reshaped(dtext.rows(), 1));
        if (config.projectsText()) {
            kernels.linearWeightGradient(dtext, views.text().states.out(), dw.projection());
            kernels.biasGradient(dtext, dw.projectionBias());
        }
    }

    private void headGradient(DecoderActivations a, DecoderWeights dw) {
        Tensor states = a.states.out();
        if (config.head() == ModelConfig.Head.SCALAR) {
            kernels.linearWeightGradient(a.scalars, states, dw.heads().get(0));
            kernels.biasGradient(a.scalars, dw.scalarBias());
            kernels.linearInputGradient(a.scalars, decoderWeights.heads().get(0), a.dy);
            return;
        }
        kernels.fill(a.dy, 0.0);
        for (int k = 0; k < config.decoder().codebooks(); k++) {
            if (adapters.isEmpty()) {
                kernels.linearWeightGradient(a.logits.get(k), states, dw.heads().get(k));
            }
            kernels.addLinearInputGradient(
                    a.logits.get(k), decoderWeights.heads().get(k), a.dy);
        }
    }

    DecoderWeights decoderWeights() {
        return decoderWeights;
    }

    /** Positions: sinusoids unless the checkpoint holds others; never trained. Shapes: {@code [maxPositions, D]} */
    public Tensor positions() {
        return positions;
    }
}
