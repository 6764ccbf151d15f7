package org.encore.trainer.codec;

import java.util.List;
import org.encore.base.settings.Checks;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecConfig.KernelWidths;
import org.encore.model.encodec.EncodecConfig.PadMode;
import org.encore.model.encodec.training.CodebookLearning;
import org.encore.model.encodec.training.CodecLoss;
import org.encore.model.optimiser.AdamW;
import org.encore.model.optimiser.Schedule;

/**
 * The settings of the training of a codec.
 *
 * @param seed seed of all random numbers of the run
 * @param codec sizes of the codec
 * @param sound what it learns from
 * @param losses terms of the loss
 * @param codebooks how the codebooks follow the encoder
 * @param training number of updates, clips and optimiser
 * @param evaluation held-out measurements, samples and checkpoints
 * @param compute parallelism
 */
public record CodecSettings(
        long seed,
        Sizes codec,
        List<SoundSource> sound,
        CodecLoss.Settings losses,
        CodebookLearning.Settings codebooks,
        Training training,
        Evaluation evaluation,
        Compute compute) {
    public CodecSettings {
        sound = List.copyOf(sound);
        if (sound.isEmpty()) {
            throw new IllegalArgumentException("sound is empty, but must name at least one source");
        }
        int samples = samples(codec, training);
        for (int window : losses.spectra().windows()) {
            if (window > samples) {
                throw new IllegalArgumentException("losses.spectra.windows hold " + window + ", but a clip has "
                        + samples + " samples (training.clipSeconds)");
            }
        }
    }

    /** Samples of a clip: whole frames. */
    int samples() {
        return samples(codec, training);
    }

    private static int samples(Sizes codec, Training training) {
        int hop = codec.config().hop();
        return Math.max(1, (int) Math.round(training.clipSeconds() * codec.sampleRate() / hop)) * hop;
    }

    /**
     * Sizes of an EnCodec of one channel, not causal; convolutions are 7 wide at the ends and 3 in the residual blocks, as in MusicGen's codec.
     *
     * @param sampleRate samples a second
     * @param ratios factors of the decoder's upsampling in its order; their product is the samples of a frame
     * @param filters channels at full rate, doubled at each ratio
     * @param hidden width of a latent frame
     * @param lstmLayers layers of the LSTM of encoder and decoder
     * @param codebooks number of codebooks
     * @param codebookSize codes in a codebook
     */
    public record Sizes(
            int sampleRate,
            List<Integer> ratios,
            int filters,
            int hidden,
            int lstmLayers,
            int codebooks,
            int codebookSize) {
        public Sizes {
            ratios = List.copyOf(ratios);
            Checks.within("sampleRate", sampleRate, 8000, 48000);
            Checks.within("filters", filters, 2, 256);
            Checks.within("hidden", hidden, 1, 1024);
            Checks.within("lstmLayers", lstmLayers, 1, 4);
            Checks.within("codebooks", codebooks, 1, 32);
            Checks.within("codebookSize", codebookSize, 2, 65_536);
            config(sampleRate, ratios, filters, hidden, lstmLayers, codebooks, codebookSize);
        }

        /** 16 kHz, 50 frames a second, four codebooks of 512 codes: 1.8 kbit/s. */
        public static Sizes defaults() {
            return new Sizes(16_000, List.of(5, 4, 4, 4), 12, 64, 1, 4, 512);
        }

        /** As the reference describes it. */
        public EncodecConfig config() {
            return config(sampleRate, ratios, filters, hidden, lstmLayers, codebooks, codebookSize);
        }

        private static EncodecConfig config(
                int sampleRate, List<Integer> ratios, int filters, int hidden, int lstmLayers, int books, int size) {
            return new EncodecConfig(
                    sampleRate,
                    1,
                    hidden,
                    filters,
                    1,
                    ratios,
                    new KernelWidths(7, 7, 3),
                    2,
                    false,
                    PadMode.REFLECT,
                    2,
                    lstmLayers,
                    1.0,
                    false,
                    books,
                    size);
        }
    }

    /**
     * Updates, clips and optimiser.
     *
     * @param steps number of updates
     * @param batch clips an update
     * @param clipSeconds length of a clip, rounded to whole frames
     * @param gain largest change of a clip's level, up or down, in decibels
     * @param codebookDropout share of clips that use only the first codebooks, at least one, of a random number: then fewer codebooks
     *     lose less (Zeghidour et al. 2021, section III-C)
     * @param optimiser settings of AdamW
     * @param schedule learning-rate schedule over all steps
     */
    public record Training(
            int steps,
            int batch,
            double clipSeconds,
            double gain,
            double codebookDropout,
            AdamW.Settings optimiser,
            Schedule schedule) {
        public Training {
            Checks.atLeast("steps", steps, 1);
            Checks.within("batch", batch, 1, 4096);
            Checks.within("clipSeconds", clipSeconds, 0.05, 60.0);
            Checks.within("gain", gain, 0.0, 40.0);
            Checks.within("codebookDropout", codebookDropout, 0.0, 1.0);
        }

        /** Our choice, by held-out distances of short runs. */
        public static Training defaults() {
            return new Training(
                    1200,
                    8,
                    1.0,
                    6.0,
                    0.0,
                    new AdamW.Settings(2e-3, 0.8, 0.99, 1e-8, 0.0, 1.0),
                    new Schedule.Cosine(50, 0.02));
        }
    }

    /**
     * Held-out measurements, samples and checkpoints.
     *
     * @param every steps between two measurements on held-out clips; the last step always has one
     * @param clips held-out clips of the length of those to train on
     * @param checkpointEvery steps between two checkpoints; the last step always writes one
     * @param samples held-out recordings that are written at the end, as they were and decoded
     * @param finalClips recordings of the test for the figures of the card
     * @param finalSeconds most seconds of each sample and of each recording of the test
     */
    public record Evaluation(
            int every, int clips, int checkpointEvery, int samples, int finalClips, double finalSeconds) {
        public Evaluation {
            Checks.atLeast("every", every, 1);
            Checks.within("clips", clips, 1, 10_000);
            Checks.atLeast("checkpointEvery", checkpointEvery, 1);
            Checks.within("samples", samples, 0, 1000);
            Checks.within("finalClips", finalClips, 1, 10_000);
            Checks.within("finalSeconds", finalSeconds, 0.1, 3600.0);
        }

        public static Evaluation defaults() {
            return new Evaluation(100, 32, 200, 4, 48, 10.0);
        }
    }

    /**
     * Parallelism.
     *
     * @param shards parts of a batch that are computed in parallel; results depend on it by rounding
     * @param microBatch most clips in a pass
     */
    public record Compute(int shards, int microBatch) {
        public Compute {
            Checks.within("shards", shards, 1, 1024);
            Checks.within("microBatch", microBatch, 1, 4096);
        }

        public static Compute defaults() {
            return new Compute(2, 2);
        }
    }

    public static CodecSettings defaults() {
        return new CodecSettings(
                1,
                Sizes.defaults(),
                List.of(SoundSource.Etudes.defaults()),
                CodecLoss.Settings.defaults(),
                CodebookLearning.Settings.defaults(),
                Training.defaults(),
                Evaluation.defaults(),
                Compute.defaults());
    }
}
