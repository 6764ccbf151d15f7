package org.encore.trainer.codec;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.encore.evaluation.codec.CodecEvaluation;
import org.encore.evaluation.codec.SoundDistances;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.encodec.EncodecParameters;
import org.encore.music.corpus.Split;

/** Writes the model card of a codec: sizes, training data, measured distances and the command to reproduce it. */
final class CodecCard {
    private CodecCard() {}

    static String of(
            CodecSettings s,
            Map<String, String> data,
            double seconds,
            long steps,
            Split split,
            CodecEvaluation.Report report,
            String command) {
        EncodecConfig c = s.codec().config();
        StringBuilder card = new StringBuilder("# A small neural codec\n\n");
        line(
                card,
                "EnCodec's architecture at %d Hz, one channel: %d codebooks of %d codes, %.0f frames a second, %.2f kbit/s; %,d parameters, trained from scratch."
                        + " A stand-alone `EncodecModel` of the Hugging Face layout, in 32 bits.\n",
                c.sampleRate(),
                c.codebooks(),
                c.codebookSize(),
                c.framesPerSecond(),
                report.bitsPerSecond() / 1000.0,
                EncodecParameters.count(c));
        card.append("| | |\n|---|---|\n");
        line(
                card,
                "| layers | ratios %s, %d filters, %d-layer LSTM, latent frames %d wide |",
                c.ratios(),
                c.filters(),
                c.lstmLayers(),
                c.hidden());
        line(card, "| sound | %s; %.2f hours |", String.join(", ", data.values()), seconds / 3600.0);
        line(
                card,
                "| training | %d steps of %d clips of %s s, seed %d |",
                steps,
                s.training().batch(),
                s.training().clipSeconds(),
                s.seed());
        line(
                card,
                "\nMeasured on %d held-out recordings (%s, %.0f s), which training never saw:\n",
                report.clips(),
                split.name().toLowerCase(Locale.ROOT),
                report.seconds());
        card.append(
                "| codebooks | SI-SDR, dB | log-mel distance, dB | log-spectral distance, dB | perplexity of the last |\n");
        card.append("|---|---|---|---|---|\n");
        line(
                card,
                "| silence | | %.2f | %.2f | |",
                report.silence().logMel(),
                report.silence().logSpectral());
        List<SoundDistances> all = report.byCodebooks();
        for (int n = 1; n <= all.size(); n++) {
            SoundDistances each = all.get(n - 1);
            line(
                    card,
                    "| %d | %.2f | %.2f | %.2f | %.0f of %d |",
                    n,
                    each.siSdr(),
                    each.logMel(),
                    each.logSpectral(),
                    report.perplexities().get(n - 1),
                    c.codebookSize());
        }
        line(
                card,
                "\nSpeed on the machine that trained it, %d shards: encoding %.0f times, decoding %.0f times as fast as the sound plays.",
                s.compute().shards(),
                report.encodingTimesRealTime(),
                report.decodingTimesRealTime());
        card.append("\nMade by\n\n```\n").append(command).append("\n```\n\n");
        card.append(
                "Limits: it was trained with losses on waveform and mel spectra, without a discriminator, so what it cannot code"
                        + " sounds dull or noisy; it knows the sound above and little else: ");
        card.append(s.sound().stream()
                .map(source -> source instanceof SoundSource.Etudes
                        ? "études of the project's synthesiser"
                        : "a folder of sound")
                .distinct()
                .collect(Collectors.joining(", ")));
        return card.append(".\n").toString();
    }

    private static void line(StringBuilder card, String format, Object... values) {
        card.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
