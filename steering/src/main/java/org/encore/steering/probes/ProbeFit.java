package org.encore.steering.probes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.codec.SymbolicCodec;
import org.encore.run.Progress;
import org.encore.statistics.Bootstrap;
import org.encore.statistics.Interval;
import org.encore.steering.probes.HeadOutputs.Outputs;
import org.encore.steering.probes.Segments.Segment;
import org.encore.steering.probes.Segments.Split;

/** Fits the probes of traits on a model. */
public final class ProbeFit {
    private static final int RESAMPLES = 1000;

    private final PretrainedModel model;
    private final ProbeSettings settings;
    private final long seed;
    private final HeadOutputs outputs;
    private final Segments segments;

    /** Prepares; the caller closes the model. */
    public ProbeFit(PretrainedModel model, ProbeSettings settings, long seed) {
        this.model = model;
        this.settings = settings;
        this.seed = seed;
        this.outputs = new HeadOutputs(model);
        int positions = model.config().decoder().maxPositions();
        this.segments = new Segments(
                model.codec(),
                Math.min(
                        model.maxFrames(),
                        positions - model.checkpoint().pattern().steps(1)),
                settings,
                seed);
    }

    /**
     * The probes of a trait.
     *
     * @param heads on each head, by layer and then by head: what the monitor reads, behind whole notes
     * @param pushes on each head likewise, but behind every kind of code: directions and weights of what is added; their accuracies are lower, as a head tells less in the middle of a note
     * @param layers on the residual stream behind each layer
     * @param accuracy of the head that is the most accurate on the clips for selection, on held-out pieces
     */
    public record Fitted(String trait, Probes heads, Probes pushes, Probes layers, Interval accuracy) {}

    /**
     * Fits.
     *
     * @throws InvalidFileException if a folder has too few clips
     */
    public Fitted fit(Trait trait, Progress progress) throws IOException {
        List<Examples> splits = examples(trait, 0, progress);
        int width = model.config().decoder().width();
        int headWidth = model.config().decoder().headWidth();
        Probes heads = fit(splits, headWidth, width, true);
        Probes layers = fit(splits, width, width, false);
        boolean ofNotes = model.codec() instanceof SymbolicCodec && settings.tail() > 0;
        Probes pushes = ofNotes ? fit(examples(trait, settings.tail(), progress), headWidth, width, true) : heads;
        int best = heads.ranking()[0];
        Interval accuracy = accuracyOf(heads, best, splits.get(2), width);
        return new Fitted(trait.name(), heads, pushes, layers, accuracy);
    }

    /**
     * How probes of another model of the same sizes, such as the base of a fine-tuned one, do on this one.
     *
     * @param accuracy of their best head, chosen on the other model, on this model's outputs for held-out pieces
     * @param cosine between the directions of both models' heads, the median over heads; 1: the trait lies where it lay
     */
    public record Transfer(Interval accuracy, double cosine) {}

    /** Compares what was fitted with the probes of another model of the same sizes. */
    public Transfer compare(Trait trait, Fitted own, Fitted other, Progress progress) throws IOException {
        Examples heldOut = examples(trait, Split.HELD_OUT, 0, progress);
        Interval accuracy = accuracyOf(
                other.heads(),
                other.heads().ranking()[0],
                heldOut,
                model.config().decoder().width());
        double[] cosines = new double[own.pushes().sites()];
        for (int site = 0; site < cosines.length; site++) {
            cosines[site] =
                    cosine(own.pushes().differences()[site], other.pushes().differences()[site]);
        }
        return new Transfer(accuracy, StatUtils.percentile(cosines, 50.0));
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0.0;
        double square = 1e-30;
        double otherSquare = 1e-30;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            square += (double) a[i] * a[i];
            otherSquare += (double) b[i] * b[i];
        }
        return product / Math.sqrt(square * otherSquare);
    }

    private List<Examples> examples(Trait trait, int tail, Progress progress) throws IOException {
        List<Examples> splits = new ArrayList<>();
        for (Split split : Split.values()) {
            splits.add(examples(trait, split, tail, progress));
        }
        return splits;
    }

    private Examples examples(Trait trait, Split split, int tail, Progress progress) throws IOException {
        List<Segment> clips = segments.of(trait, split, tail);
        if (clips.isEmpty()) {
            throw new InvalidFileException(
                    ((Trait.Folders) trait).positives(),
                    "this folder or " + ((Trait.Folders) trait).negatives() + " has no clip of "
                            + settings.seconds() + " s in its "
                            + split.name().toLowerCase(Locale.ROOT)
                            + " files");
        }
        return new Examples(clips, outputs.of(clips.stream().map(Segment::codes).toList(), progress));
    }

    private record Examples(List<Segment> clips, List<Outputs> outputs) {
        boolean[] labels() {
            boolean[] labels = new boolean[clips.size()];
            for (int n = 0; n < labels.length; n++) {
                labels[n] = clips.get(n).positive();
            }
            return labels;
        }

        /** The values that hold what a site reads. */
        float[] values(int clip, int layer, boolean heads) {
            Outputs all = outputs.get(clip);
            return heads ? all.heads()[layer] : all.states()[layer];
        }

        double accuracy(Probes probes, int site, int layer, int offset, boolean heads) {
            int right = 0;
            for (int n = 0; n < clips.size(); n++) {
                double p = probes.probability(site, values(n, layer, heads), offset);
                right += p > 0.5 == clips.get(n).positive() ? 1 : 0;
            }
            return (double) right / clips.size();
        }
    }

    /** One probe for each site: {@code width / siteWidth} of them in each layer. */
    private Probes fit(List<Examples> splits, int siteWidth, int width, boolean heads) {
        int perLayer = width / siteWidth;
        int sites = model.config().decoder().layers() * perLayer;
        Probes probes = new Probes(
                siteWidth,
                new float[sites][siteWidth],
                new float[sites],
                new float[sites][siteWidth],
                new float[sites],
                new float[sites],
                new float[sites],
                new float[sites]);
        Examples training = splits.get(0);
        boolean[] labels = training.labels();
        IntStream.range(0, sites).parallel().forEach(site -> {
            int layer = site / perLayer;
            int offset = site % perLayer * siteWidth;
            double[][] x = new double[labels.length][siteWidth];
            for (int n = 0; n < x.length; n++) {
                float[] values = training.values(n, layer, heads);
                for (int i = 0; i < siteWidth; i++) {
                    x[n][i] = values[offset + i];
                }
            }
            fit(x, labels, probes, site);
            probes.accuracies()[site] = (float) splits.get(1).accuracy(probes, site, layer, offset, heads);
            probes.heldOut()[site] = (float) splits.get(2).accuracy(probes, site, layer, offset, heads);
        });
        return probes;
    }

    /** Fits on standardised outputs, so that the penalty means the same for every head, and undoes it in the weights. */
    private void fit(double[][] x, boolean[] labels, Probes probes, int site) {
        int d = x[0].length;
        double[] mean = new double[d];
        double[] difference = new double[d];
        double positives = 0;
        for (int n = 0; n < x.length; n++) {
            positives += labels[n] ? 1 : 0;
            for (int i = 0; i < d; i++) {
                mean[i] += x[n][i] / x.length;
            }
        }
        double[] deviation = new double[d];
        for (int n = 0; n < x.length; n++) {
            for (int i = 0; i < d; i++) {
                deviation[i] += (x[n][i] - mean[i]) * (x[n][i] - mean[i]) / x.length;
                difference[i] += x[n][i] / (labels[n] ? positives : positives - x.length);
            }
        }
        double[][] standard = new double[x.length][d];
        for (int i = 0; i < d; i++) {
            deviation[i] = Math.sqrt(deviation[i]) + 1e-12;
            for (int n = 0; n < x.length; n++) {
                standard[n][i] = (x[n][i] - mean[i]) / deviation[i];
            }
        }
        LogisticRegression fitted = LogisticRegression.fit(standard, labels, settings.l2());
        double bias = fitted.bias();
        double[] weights = new double[d];
        for (int i = 0; i < d; i++) {
            weights[i] = fitted.weights()[i] / deviation[i];
            bias -= weights[i] * mean[i];
            probes.weights()[site][i] = (float) weights[i];
            probes.differences()[site][i] = (float) difference[i];
        }
        probes.biases()[site] = (float) bias;
        probes.weightDeviations()[site] = (float) projected(x, mean, weights);
        probes.differenceDeviations()[site] = (float) projected(x, mean, difference);
    }

    /** Standard deviation of the projections on a direction. */
    private static double projected(double[][] x, double[] mean, double[] direction) {
        double norm = 0.0;
        for (double value : direction) {
            norm += value * value;
        }
        double sum = 0.0;
        for (double[] row : x) {
            double projection = 0.0;
            for (int i = 0; i < row.length; i++) {
                projection += (row[i] - mean[i]) * direction[i];
            }
            sum += projection * projection / x.length;
        }
        return norm == 0.0 ? 0.0 : Math.sqrt(sum / norm);
    }

    /** The accuracy of a head on held-out pieces; clips of one piece are drawn together. */
    private Interval accuracyOf(Probes heads, int site, Examples heldOut, int width) {
        int perLayer = width / heads.width();
        double[] right = new double[heldOut.clips().size()];
        List<Integer> sources = new ArrayList<>();
        for (int n = 0; n < right.length; n++) {
            Segment clip = heldOut.clips().get(n);
            float[] values = heldOut.values(n, site / perLayer, true);
            double p = heads.probability(site, values, site % perLayer * heads.width());
            right[n] = p > 0.5 == clip.positive() ? 1.0 : 0.0;
            sources.add(clip.source());
        }
        return new Bootstrap(RESAMPLES, seed).mean(sources, right);
    }
}
