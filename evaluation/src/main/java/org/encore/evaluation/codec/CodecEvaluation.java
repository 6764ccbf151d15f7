package org.encore.evaluation.codec;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.training.CodebookLearning;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Waveform;
import org.encore.run.Progress;

/** Encodes and decodes clips with a codec and measures what became of them, with all codebooks and with fewer. */
public final class CodecEvaluation {
    private static final double NANOS = 1e9;

    private CodecEvaluation() {}

    /**
     * Means over clips.
     *
     * @param clips how many
     * @param seconds of sound in all
     * @param byCodebooks distances with the first codebook, the first two and so on
     * @param silence distances of silence, for comparison; it has no SI-SDR
     * @param perplexities of each codebook's codes over all clips, in [1, codes of a codebook]
     * @param bitsPerSecond bits of the codes a second, all codebooks
     * @param encodingTimesRealTime seconds of sound encoded in a second
     * @param decodingTimesRealTime seconds of sound decoded in a second
     */
    public record Report(
            int clips,
            double seconds,
            List<SoundDistances> byCodebooks,
            SoundDistances silence,
            List<Double> perplexities,
            double bitsPerSecond,
            double encodingTimesRealTime,
            double decodingTimesRealTime) {
        public Report {
            byCodebooks = List.copyOf(byCodebooks);
            perplexities = List.copyOf(perplexities);
        }

        /** Distances with all codebooks. */
        public SoundDistances all() {
            return byCodebooks.get(byCodebooks.size() - 1);
        }
    }

    /** Receives what was decoded with all codebooks, clip after clip. */
    @FunctionalInterface
    public interface Listener {
        /** A clip at the codec's rate with one channel, and what became of it, as long. */
        void decoded(int clip, Waveform original, Waveform decoded) throws IOException;
    }

    /** {@link #of(EncodecModel, Shards, List, Progress, Listener)} without a listener. */
    public static Report of(EncodecModel model, Shards shards, List<Waveform> clips, Progress progress)
            throws IOException {
        return of(model, shards, clips, progress, (clip, original, decoded) -> {});
    }

    /**
     * Measures a codec of one channel.
     *
     * @param shards hold the weights; they stay the caller's
     * @param clips at any rate; channels are averaged
     * @throws IllegalArgumentException if there is no clip, or the codec has several channels
     */
    public static Report of(
            EncodecModel model, Shards shards, List<Waveform> clips, Progress progress, Listener listener)
            throws IOException {
        EncodecConfig config = model.config();
        if (config.channels() != 1) {
            throw new IllegalArgumentException(
                    "the codec has " + config.channels() + " channels, but one with a single channel can be measured");
        }
        if (clips.isEmpty()) {
            throw new IllegalArgumentException("there are no clips, but a codec is measured on at least one");
        }
        List<EncodecCodec> codecs = new ArrayList<>();
        for (int n = 1; n <= config.codebooks(); n++) {
            // Not closed: that would close the shards, which are the caller's.
            codecs.add(new EncodecCodec(model.first(n), shards, 1));
        }
        EncodecCodec all = codecs.get(codecs.size() - 1);
        // Buffers are made and code is compiled before time is taken.
        Waveform first = clips.get(0);
        all.decode(all.encode(first)).waveform();
        List<List<SoundDistances>> distances = new ArrayList<>();
        codecs.forEach(codec -> distances.add(new ArrayList<>()));
        List<SoundDistances> silent = new ArrayList<>();
        double[][] counts = new double[config.codebooks()][config.codebookSize()];
        double seconds = 0.0;
        long encoding = 0;
        long decoding = 0;
        for (int i = 0; i < clips.size(); i++) {
            Waveform clip = mono(clips.get(i), config.sampleRate());
            long start = System.nanoTime();
            int[][] codes = all.encode(clip);
            encoding += System.nanoTime() - start;
            for (int n = 1; n <= codecs.size(); n++) {
                long begin = System.nanoTime();
                Waveform decoded =
                        codecs.get(n - 1).decode(Arrays.copyOf(codes, n)).waveform();
                decoding += n == codecs.size() ? System.nanoTime() - begin : 0;
                decoded = asLongAs(clip, decoded);
                distances.get(n - 1).add(SoundDistances.of(clip, decoded));
                if (n == codecs.size()) {
                    listener.decoded(i, clip, decoded);
                }
            }
            silent.add(SoundDistances.of(clip, new Waveform(new float[clip.samples().length], clip.sampleRate())));
            for (int k = 0; k < codes.length; k++) {
                for (int code : codes[k]) {
                    counts[k][code]++;
                }
            }
            seconds += clip.seconds();
            progress.step("clips", i + 1L, clips.size(), "");
        }
        return new Report(
                clips.size(),
                seconds,
                distances.stream().map(SoundDistances::mean).toList(),
                SoundDistances.mean(silent),
                Arrays.stream(counts).map(CodebookLearning::perplexity).toList(),
                config.framesPerSecond() * config.codebooks() * Math.log(config.codebookSize()) / Math.log(2.0),
                seconds * NANOS / encoding,
                seconds * NANOS / decoding);
    }

    /** A clip at another rate, channels averaged. */
    public static Waveform mono(Waveform clip, int sampleRate) {
        return new Resampler(clip.sampleRate(), sampleRate).resampled(new Waveform(clip.samples(), clip.sampleRate()));
    }

    /** Decoded sound can be longer, a whole number of frames, or shorter: it is cut, or silence follows. */
    public static Waveform asLongAs(Waveform clip, Waveform decoded) {
        return new Waveform(Arrays.copyOf(decoded.samples(), clip.samples().length), decoded.sampleRate());
    }
}
