package org.encore.model.encodec.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.base.settings.Checks;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.model.kernels.Kernels;
import org.encore.model.weights.SafetensorsFile;

/**
 * Codebooks that follow the latent frames: each row is the moving average of the residuals that were coded by it.
 *
 * <p>With the decay {@code d}, a batch's count {@code n} of a code and the sum {@code s} of the residuals before it: {@code size = d · size + (1 - d) · n},
 * {@code total = d · total + (1 - d) · s}, and the row is {@code total / size}, sizes smoothed by {@code epsilon} (van den Oord et al.
 * 2017, appendix A.1; Défossez et al. 2022, section 3.2). A code whose size falls below a share of the mean size takes a random residual of the batch
 * (Zeghidour et al. 2021, section III-C), with the mean size, so that it has time to find its place; size and total change with the row, which
 * is our choice.
 *
 * <p>Computed on one thread, frame by frame; what is kept has 32 bits, so that it comes back from a checkpoint bit by bit.
 */
public final class CodebookLearning {
    private final Settings settings;
    private final EncodecConfig config;
    private final Kernels kernels;
    private final EncodecParameters parameters;
    private final float[][] rows;
    private final float[][] sizes;
    private final float[][] totals;
    private final double[] counts;
    private final double[] sums;
    private boolean initialised;

    /**
     * How codebooks follow.
     *
     * @param decay of the moving averages, in each update
     * @param deadBelow a code whose size is below this share of the mean size is replaced
     * @param epsilon added to each size before it divides
     * @param meansIterations iterations of k-means on the first batches that are quantised
     * @param warmupSteps updates without a quantiser before that: encoder and decoder learn to use the latent frames, which else collapse to
     *     a few codes
     */
    public record Settings(double decay, double deadBelow, double epsilon, int meansIterations, int warmupSteps) {
        public Settings {
            Checks.openInterval("decay", decay, 0.0, 1.0);
            Checks.rightOpenInterval("deadBelow", deadBelow, 0.0, 1.0);
            Checks.openInterval("epsilon", epsilon, 0.0, 1.0);
            Checks.within("meansIterations", meansIterations, 1, 1000);
            Checks.atLeast("warmupSteps", warmupSteps, 0);
        }

        /** For short runs: the reference's decay is 0.99. */
        public static Settings defaults() {
            return new Settings(0.98, 0.2, 1e-5, 10, 120);
        }
    }

    /** Starts with the codebooks of a model, which are not in use before {@link #initialise}. */
    public CodebookLearning(Settings settings, EncodecConfig config, Kernels kernels, EncodecParameters parameters) {
        this.settings = settings;
        this.config = config;
        this.kernels = kernels;
        this.parameters = parameters;
        this.rows = new float[config.codebooks()][config.codebookSize() * config.hidden()];
        this.sizes = new float[config.codebooks()][config.codebookSize()];
        this.totals = new float[config.codebooks()][config.codebookSize() * config.hidden()];
        this.counts = new double[config.codebookSize()];
        this.sums = new double[config.codebookSize() * config.hidden()];
    }

    /** Whether the codebooks have had their first rows. */
    public boolean isInitialised() {
        return initialised;
    }

    /** Moving averages of the counts of a codebook's codes, {@code [N]}; not a copy. */
    float[] sizes(int codebook) {
        return sizes[codebook];
    }

    /** Moving averages of the sums of a codebook's residuals, {@code [N·H]}; not a copy. */
    float[] totals(int codebook) {
        return totals[codebook];
    }

    /**
     * The first rows: k-means on a few batches, codebook after codebook on what the ones before leave over; the first centres are
     * random frames. A centre without frames takes a random one.
     *
     * @param latents frames of all batches, {@code [frames·H]}; left as they were. With hardly more of them than codes, the first codebook
     *     would leave nothing to the others
     * @param batches how many: sizes are counts of one
     */
    public void initialise(double[] latents, int batches, RandomGenerator random) {
        int width = config.hidden();
        double[] left = latents.clone();
        int frames = left.length / width;
        int[] codes = new int[frames];
        for (int k = 0; k < rows.length; k++) {
            for (int code = 0; code < counts.length; code++) {
                take(left, random.nextInt(frames), rows[k], code);
            }
            for (int i = 0; i < settings.meansIterations(); i++) {
                assign(left, rows[k], codes);
                addUp(left, codes);
                for (int code = 0; code < counts.length; code++) {
                    if (counts[code] == 0) {
                        take(left, random.nextInt(frames), rows[k], code);
                    } else {
                        for (int j = code * width; j < (code + 1) * width; j++) {
                            rows[k][j] = (float) (sums[j] / counts[code]);
                        }
                    }
                }
            }
            assign(left, rows[k], codes);
            addUp(left, codes);
            for (int code = 0; code < counts.length; code++) {
                sizes[k][code] = (float) (counts[code] / batches);
                for (int j = code * width; j < (code + 1) * width; j++) {
                    totals[k][j] = sizes[k][code] * rows[k][j];
                }
            }
            subtract(left, rows[k], codes);
        }
        initialised = true;
        write();
    }

    private void take(double[] frames, int frame, float[] codebook, int code) {
        int width = config.hidden();
        for (int i = 0; i < width; i++) {
            codebook[code * width + i] = (float) frames[frame * width + i];
        }
    }

    private void assign(double[] left, float[] codebook, int[] codes) {
        int width = config.hidden();
        for (int f = 0; f < codes.length; f++) {
            double least = Double.POSITIVE_INFINITY;
            for (int code = 0; code < counts.length; code++) {
                double sum = 0.0;
                for (int i = 0; i < width && sum < least; i++) {
                    double difference = left[f * width + i] - codebook[code * width + i];
                    sum += difference * difference;
                }
                if (sum < least) {
                    least = sum;
                    codes[f] = code;
                }
            }
        }
    }

    private void addUp(double[] left, int[] codes) {
        int width = config.hidden();
        Arrays.fill(counts, 0.0);
        Arrays.fill(sums, 0.0);
        for (int f = 0; f < codes.length; f++) {
            if (codes[f] >= 0) {
                counts[codes[f]]++;
                for (int i = 0; i < width; i++) {
                    sums[codes[f] * width + i] += left[f * width + i];
                }
            }
        }
    }

    private void subtract(double[] left, float[] codebook, int[] codes) {
        int width = config.hidden();
        for (int f = 0; f < codes.length; f++) {
            for (int i = 0; i < width && codes[f] >= 0; i++) {
                left[f * width + i] -= codebook[codes[f] * width + i];
            }
        }
    }

    /**
     * Follows a batch.
     *
     * @param latents frames of all clips, {@code [frames·H]}; destroyed
     * @param codes codes of the frames, {@code [K][frames]}, -1 where a clip does not use the codebook; the codebooks are those that these were
     *     found with
     * @param random draws the frames that dead codes take
     * @return how many dead codes took a new row
     */
    public int update(double[] latents, int[][] codes, RandomGenerator random) {
        int revived = 0;
        for (int k = 0; k < rows.length; k++) {
            addUp(latents, codes[k]);
            float[] size = sizes[k];
            double keep = settings.decay();
            double all = 0.0;
            for (int code = 0; code < size.length; code++) {
                size[code] = (float) (keep * size[code] + (1.0 - keep) * counts[code]);
                all += size[code];
            }
            for (int j = 0; j < totals[k].length; j++) {
                totals[k][j] = (float) (keep * totals[k][j] + (1.0 - keep) * sums[j]);
            }
            double mean = all / size.length;
            revived += revive(latents, codes[k], k, mean, random);
            // By the rows that the codes were found with.
            subtract(latents, rows[k], codes[k]);
            follow(k);
        }
        write();
        return revived;
    }

    private int revive(double[] left, int[] codes, int k, double mean, RandomGenerator random) {
        int width = config.hidden();
        int count = 0;
        for (int code : codes) {
            count += code >= 0 ? 1 : 0;
        }
        int revived = 0;
        for (int code = 0; code < counts.length && count > 0; code++) {
            if (sizes[k][code] < settings.deadBelow() * mean) {
                int frame = random.nextInt(codes.length);
                while (codes[frame] < 0) {
                    frame = random.nextInt(codes.length);
                }
                sizes[k][code] = (float) mean;
                for (int i = 0; i < width; i++) {
                    totals[k][code * width + i] = (float) (mean * left[frame * width + i]);
                }
                revived++;
            }
        }
        return revived;
    }

    /** Rows are totals by sizes, these smoothed as if every code had been used a little. */
    private void follow(int k) {
        int width = config.hidden();
        double all = 0.0;
        for (float size : sizes[k]) {
            all += size;
        }
        double factor = all / (all + sizes[k].length * settings.epsilon());
        for (int code = 0; code < sizes[k].length; code++) {
            double smoothed = (sizes[k][code] + settings.epsilon()) * factor;
            for (int j = code * width; j < (code + 1) * width; j++) {
                rows[k][j] = (float) (totals[k][j] / smoothed);
            }
        }
    }

    private void write() {
        for (int k = 0; k < rows.length; k++) {
            kernels.write(parameters.get(EncodecParameters.codebook(k)), rows[k]);
        }
    }

    /** The perplexity of a codebook's codes by their moving averages: as many codes as would be in use if all were used equally, in [1, N]. */
    public double perplexity(int codebook) {
        double[] weights = new double[sizes[codebook].length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = sizes[codebook][i];
        }
        return perplexity(weights);
    }

    /** The exponential of the entropy of counts, NaN if there are none. */
    public static double perplexity(double[] weights) {
        double all = Arrays.stream(weights).sum();
        double entropy = 0.0;
        for (double weight : weights) {
            entropy -= weight > 0.0 ? weight / all * Math.log(weight / all) : 0.0;
        }
        return all > 0.0 ? Math.exp(entropy) : Double.NaN;
    }

    /**
     * Goes on with the averages of a directory that {@link CodecDirectory} wrote, and with the rows that the parameters have.
     *
     * @param weights its {@code model.safetensors}
     * @throws InvalidFileException if a tensor is missing or has another size
     */
    public void load(Path weights) throws IOException {
        float[] begun = new float[1];
        try (SafetensorsFile tensors = SafetensorsFile.open(weights)) {
            for (int k = 0; k < rows.length; k++) {
                read(tensors, weights, CodecDirectory.buffer(k, CodecDirectory.SIZES), sizes[k]);
                read(tensors, weights, CodecDirectory.buffer(k, CodecDirectory.TOTALS), totals[k]);
                read(tensors, weights, CodecDirectory.buffer(k, CodecDirectory.INITIALISED), begun);
                rows[k] = kernels.readFloats(parameters.get(EncodecParameters.codebook(k)));
            }
        }
        initialised = begun[0] > 0.0f;
    }

    private static void read(SafetensorsFile tensors, Path file, String name, float[] target) throws IOException {
        float[] values = tensors.floats(name);
        if (values.length != target.length) {
            throw new InvalidFileException(file, "tensor " + name + " has another size than the codec's");
        }
        System.arraycopy(values, 0, target, 0, target.length);
    }
}
