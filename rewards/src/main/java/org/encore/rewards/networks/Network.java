package org.encore.rewards.networks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.CrashReportingUtil;
import org.encore.base.files.InvalidFileException;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.weights.SafetensorsFile;
import org.encore.model.weights.SafetensorsWriter;
import org.encore.rewards.networks.NetworkPlan.Layer;
import org.encore.rewards.networks.NetworkPlan.Layer.Nonlinearity;
import org.encore.rewards.networks.NetworkPlan.Size;
import org.encore.rewards.networks.PoolVertex.PoolConfig;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A network with its weights: forward and backward pass by Deeplearning4j, updates by Adam.
 *
 * <p>The caller computes the loss: it calls {@link #forward}, passes the gradient of the loss to {@link #backward}, and
 * calls {@link #update}. Not thread-safe.
 *
 * @paper Kingma and Ba 2015, Adam, <a href="https://arxiv.org/abs/1412.6980">arXiv 1412.6980</a>
 */
public final class Network {
    private static final String FILE = "network.safetensors";
    private static final String PARAMETERS = "parameters";
    private static final String MOMENTS = "moments";
    private static final String UPDATES = "updates";

    private final NetworkPlan plan;
    private final DataType type;
    private final ComputationGraph graph;
    private Gradient gradient;
    private int updates;
    private int examples;

    /** Creates a network with zero weights; call {@link #initialise} or {@link #load}. */
    public Network(NetworkPlan plan, Precision precision) {
        CrashReportingUtil.crashDumpsEnabled(false);
        this.plan = plan;
        this.type = precision == Precision.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
        this.graph = new ComputationGraph(GraphConfiguration.of(plan, type));
        long count = GraphConfiguration.parameters(plan);
        graph.init(Nd4j.zeros(type, 1, count), false);
        graph.initGradientsView();
    }

    /** The plan of the network. */
    public NetworkPlan plan() {
        return plan;
    }

    /**
     * Draws the weights from a uniform distribution of variance {@code 2 / inputs}; biases are 0.
     *
     * @paper He et al. 2015, <a href="https://arxiv.org/abs/1502.01852">arXiv 1502.01852</a>
     */
    public void initialise(RandomGenerator random) {
        for (Weight weight : weights()) {
            float[] drawn = new float[weight.values().length];
            if (weight.name().endsWith(GraphConfiguration.MATRIX)) {
                double limit = Math.sqrt(6.0 / weight.shape().get(0));
                for (int i = 0; i < drawn.length; i++) {
                    drawn[i] = (float) (limit * (2.0 * random.nextDouble() - 1.0));
                }
            }
            set(weight.name(), drawn);
        }
    }

    /** A copy of all weights, in the order of the plan. */
    public List<Weight> weights() {
        List<Weight> weights = new ArrayList<>();
        for (Map.Entry<String, INDArray> entry : named().entrySet()) {
            INDArray array = entry.getValue();
            List<Integer> shape = entry.getKey().endsWith(GraphConfiguration.MATRIX)
                    ? List.of((int) array.size(0), (int) array.size(1))
                    : List.of((int) array.length());
            weights.add(new Weight(entry.getKey(), shape, array.dup('c').data().asFloat()));
        }
        return weights;
    }

    /**
     * Loads weights.
     *
     * @throws IllegalArgumentException if one is missing or has another shape
     */
    public void load(List<Weight> weights) {
        Map<String, Weight> given = new LinkedHashMap<>();
        weights.forEach(weight -> given.put(weight.name(), weight));
        for (Weight own : weights()) {
            Weight weight = given.get(own.name());
            if (weight == null || !weight.shape().equals(own.shape())) {
                throw new IllegalArgumentException("weight " + own.name() + " must have the shape " + own.shape()
                        + ", but " + (weight == null ? "is missing" : "has " + weight.shape()));
            }
            set(own.name(), weight.values());
        }
    }

    private void set(String name, float[] values) {
        INDArray target = named().get(name);
        try (INDArray array = Nd4j.create(values, target.shape(), 'c')) {
            target.assign(array);
        }
    }

    private Map<String, INDArray> named() {
        Map<String, INDArray> named = new LinkedHashMap<>();
        graph.paramTable().forEach((name, array) -> named.put(GraphConfiguration.exported(name), array));
        return named;
    }

    /**
     * Computes the outputs.
     *
     * @param inputs in the order of {@link NetworkPlan#inputs}
     * @shape input {@code [examples · rows, width]}; outputs alike
     */
    public List<Matrix> outputs(List<Matrix> inputs) {
        return run(inputs, false);
    }

    /** As {@link #outputs}, and keeps the activations for {@link #backward}. */
    public List<Matrix> forward(List<Matrix> inputs) {
        return run(inputs, true);
    }

    private List<Matrix> run(List<Matrix> inputs, boolean training) {
        INDArray[] arrays = arrays(inputs);
        Map<String, INDArray> activations = graph.feedForward(arrays, training, !training);
        List<Matrix> outputs = new ArrayList<>();
        for (String name : plan.outputs()) {
            outputs.add(matrix(activations.get(name)));
        }
        return outputs;
    }

    private INDArray[] arrays(List<Matrix> inputs) {
        List<Layer.Input> expected = plan.inputs();
        if (inputs.size() != expected.size()) {
            throw new IllegalArgumentException(
                    inputs.size() + " inputs were given, but the network has " + expected.size());
        }
        examples = inputs.get(0).rows() / expected.get(0).rows();
        INDArray[] arrays = new INDArray[inputs.size()];
        for (int i = 0; i < arrays.length; i++) {
            Matrix input = inputs.get(i);
            if (input.columns() != expected.get(i).width()
                    || input.rows() % expected.get(i).rows() != 0) {
                throw new IllegalArgumentException(expected.get(i).name() + " is " + input.rows() + " x "
                        + input.columns() + ", but must have " + expected.get(i).width() + " columns and a multiple of "
                        + expected.get(i).rows() + " rows");
            }
            arrays[i] = array(input);
        }
        return arrays;
    }

    private INDArray array(Matrix matrix) {
        return Nd4j.createFromArray(matrix.values())
                .reshape('c', matrix.rows(), matrix.columns())
                .castTo(type);
    }

    private static Matrix matrix(INDArray array) {
        return new Matrix(
                (int) array.size(0), (int) array.size(1), array.dup('c').data().asFloat());
    }

    /**
     * Computes the gradient of the weights after {@link #forward}.
     *
     * @param outputGradients gradient of the loss with respect to each output, in its shape
     */
    public void backward(List<Matrix> outputGradients) {
        INDArray[] epsilons = outputGradients.stream().map(this::array).toArray(INDArray[]::new);
        gradient = graph.backpropGradient(epsilons);
    }

    /** The gradient from the last {@link #backward}, in the order of {@link #weights}. */
    public List<Weight> gradients() {
        Map<String, INDArray> all = new LinkedHashMap<>();
        gradient.gradientForVariable().forEach((name, array) -> all.put(GraphConfiguration.exported(name), array));
        List<Weight> gradients = new ArrayList<>();
        for (Weight weight : weights()) {
            gradients.add(new Weight(
                    weight.name(),
                    weight.shape(),
                    all.get(weight.name()).dup('c').data().asFloat()));
        }
        return gradients;
    }

    /**
     * Writes weights and moments of Adam in full precision, so that a resumed training gives the same bits.
     *
     * @param state receives the number of updates
     */
    public void save(Path directory, ObjectNode state) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(SafetensorsWriter.Format.F32);
        add(writer, PARAMETERS, graph.params());
        add(writer, MOMENTS, graph.getUpdater().getStateViewArray());
        writer.write(directory.resolve(FILE));
        state.put(UPDATES, updates);
    }

    private static void add(SafetensorsWriter writer, String name, INDArray array) {
        writer.add(
                name, List.of((int) array.length()), () -> array.dup('c').data().asFloat());
    }

    /**
     * Restores what {@link #save} wrote.
     *
     * @throws InvalidFileException if the file is of another network
     */
    public void restore(Path directory, JsonNode state) throws IOException {
        Path path = directory.resolve(FILE);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            restore(file, path, PARAMETERS, graph.params());
            restore(file, path, MOMENTS, graph.getUpdater().getStateViewArray());
        }
        updates = state.path(UPDATES).asInt();
    }

    private static void restore(SafetensorsFile file, Path path, String name, INDArray target) throws IOException {
        float[] values = file.floats(name);
        if (values.length != target.length()) {
            throw new InvalidFileException(
                    path,
                    name + " has " + values.length + " numbers, but the network of this configuration has "
                            + target.length());
        }
        try (INDArray array = Nd4j.create(values, target.shape(), 'c')) {
            target.assign(array);
        }
    }

    /** One step of Adam along the gradient. */
    public void update(double learningRate) {
        graph.setLearningRate(learningRate);
        graph.getUpdater().update(gradient, updates, 0, examples, LayerWorkspaceMgr.noWorkspaces());
        graph.params().subi(gradient.gradient());
        updates++;
    }

    /** Translates a plan into a Deeplearning4j configuration. */
    static final class GraphConfiguration {
        /** Suffix of the names of matrices. */
        static final String MATRIX = ".weight";

        private static final String BIAS = ".bias";

        private GraphConfiguration() {}

        static ComputationGraphConfiguration of(NetworkPlan plan, DataType type) {
            GraphBuilder builder = new NeuralNetConfiguration.Builder()
                    .dataType(type)
                    .updater(new Adam())
                    .miniBatch(false)
                    .graphBuilder()
                    .allowDisconnected(true)
                    .validateOutputLayerConfig(false);
            Map<String, Size> sizes = plan.sizes();
            for (Layer node : plan.nodes()) {
                add(node, sizes, builder);
            }
            return builder.setOutputs(plan.outputs().toArray(String[]::new)).build();
        }

        private static void add(Layer node, Map<String, Size> sizes, GraphBuilder builder) {
            String[] from = node.from().toArray(String[]::new);
            if (node instanceof Layer.Input) {
                builder.addInputs(node.name());
            } else if (node instanceof Layer.Dense dense) {
                DenseLayer layer = new DenseLayer.Builder()
                        .nIn(sizes.get(from[0]).width())
                        .nOut(dense.width())
                        .activation(activation(dense.nonlinearity()))
                        .build();
                builder.addLayer(node.name(), layer, from);
            } else if (node instanceof Layer.Pool pool) {
                builder.addVertex(node.name(), new PoolConfig(sizes.get(from[0]).rows(), pool.pooling()), from);
            } else {
                builder.addVertex(node.name(), new MergeVertex(), from);
            }
        }

        private static Activation activation(Nonlinearity nonlinearity) {
            return switch (nonlinearity) {
                case NONE -> Activation.IDENTITY;
                case RELU -> Activation.RELU;
                case TANH -> Activation.TANH;
                case SIGMOID -> Activation.SIGMOID;
            };
        }

        /** Number of weights of a plan. */
        static long parameters(NetworkPlan plan) {
            Map<String, Size> sizes = plan.sizes();
            long count = 0;
            for (Layer node : plan.nodes()) {
                if (node instanceof Layer.Dense dense) {
                    count += (sizes.get(dense.from().get(0)).width() + 1L) * dense.width();
                }
            }
            return count;
        }

        /**
         * Renames Deeplearning4j's {@code layer_W} and {@code layer_b} to {@code layer.weight} and {@code layer.bias}.
         */
        static String exported(String name) {
            int end = name.lastIndexOf('_');
            return name.substring(0, end) + (name.endsWith("_W") ? MATRIX : BIAS);
        }
    }

    /**
     * A named array of weights.
     *
     * @param name unique in its file
     * @param shape length of each axis
     * @param values row-major; not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Weight(String name, List<Integer> shape, float[] values) {
        public Weight {
            shape = List.copyOf(shape);
        }
    }
}
