package org.encore.trainer.pretraining;

import java.util.Locale;
import org.encore.model.transformer.LoraSettings.Target;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;

/** Writes the model card of a pretrained model: sizes, training data, losses and the command to reproduce it. */
final class ModelCard {
    private ModelCard() {}

    /**
     * The card.
     *
     * @param weights a sentence on how the weights are stored
     */
    static String of(
            PretrainSettings s,
            ModelConfig config,
            String corpusFingerprint,
            Pretraining.Result result,
            String command,
            String weights) {
        DecoderConfig decoder = config.decoder();
        boolean reads = config.text().isPresent();
        StringBuilder card = new StringBuilder();
        card.append(reads ? "# A small text-to-music transformer\n\n" : "# A small music transformer\n\n");
        line(
                card,
                "MusicGen's architecture for codes of `%s`: codebooks: %d, codes in each: %d, parameters: %,d; trained %s.",
                config.codec().orElse("an unnamed codec"),
                decoder.codebooks(),
                decoder.vocabulary(),
                ParameterLayout.of(config).size(),
                s.checkpoint().map(base -> "further from `" + base + "`").orElse("from scratch"));
        card.append(reads ? "It reads captions in English.\n\n" : "It reads no text.\n\n");
        card.append("| | |\n|---|---|\n");
        line(
                card,
                "| decoder | %d layers, width %d, %d heads, feed-forward %d |",
                decoder.layers(),
                decoder.width(),
                decoder.heads(),
                decoder.feedForward());
        config.text().ifPresent(t -> line(card, "| text encoder | T5, %d layers, width %d |", t.layers(), t.width()));
        line(card, "| longest piece | %d %s |", decoder.maxFrames(), decoder.codebooks() == 1 ? "codes" : "frames");
        line(card, "| corpus | %s, fingerprint `%s` |", corpus(s), corpusFingerprint);
        line(
                card,
                "| training | %d steps of %d pieces, seed %d |",
                result.steps(),
                s.training().batch(),
                s.seed());
        s.training()
                .lora()
                .ifPresent(lora -> line(
                        card,
                        "| adapters | LoRA of rank %d, alpha %s, dropout %s, on %s; this directory holds them alone |",
                        lora.rank(),
                        lora.alpha(),
                        lora.dropout(),
                        lora.targets().stream().map(Target::module).toList()));
        line(
                card,
                "| captions hidden | %.0f %% of pieces, for classifier-free guidance |",
                100 * s.training().conditionDropout());
        line(card, "| weights | of step %d |", result.keptStep());
        line(
                card,
                "| held-out loss | %.4f nats a code, on %,d codes that training never saw |",
                result.heldOutLoss(),
                result.heldOut().codes());
        result.test()
                .ifPresent(test ->
                        line(card, "| test loss | %.4f nats a code, on %,d codes |", test.perCode(), test.codes()));
        card.append("\nMade by\n\n```\n").append(command).append("\n```\n\n");
        card.append(weights).append('\n');
        card.append(
                s.checkpoint().isPresent()
                        ? "Limits: those of the model it began as; it was trained on the corpus above alone since.\n"
                        : "Limits: it knows the corpus above and nothing else; words outside of its vocabulary are ignored.\n");
        return card.toString();
    }

    private static String corpus(PretrainSettings s) {
        String kind = s.corpus().getClass().getSimpleName().toLowerCase(Locale.ROOT);
        if (!(s.corpus() instanceof CorpusSource.Etudes etudes)) {
            return kind;
        }
        return kind
                + (etudes.captionNoise() > 0.0 ? ", caption noise " + etudes.captionNoise() : "")
                + (etudes.flaws() > 0.0 ? ", flaws " + etudes.flaws() : "")
                + etudes.sound()
                        .map(sound -> String.format(
                                Locale.ROOT,
                                ", rendered: the first %s s of %,d pieces",
                                sound.clipSeconds(),
                                sound.clips()))
                        .orElse("");
    }

    private static void line(StringBuilder card, String format, Object... values) {
        card.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
