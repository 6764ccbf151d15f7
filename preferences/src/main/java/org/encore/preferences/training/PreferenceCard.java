package org.encore.preferences.training;

import java.util.Locale;
import java.util.StringJoiner;
import org.encore.model.transformer.ModelConfig;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.preferences.comparisons.ComparisonSet;
import org.encore.preferences.comparisons.PairMetrics;
import org.encore.preferences.training.PreferenceLearner.Network;
import org.encore.rewards.preference.ClipReading.Caption;

/** The model card of a preference network: architecture, data, metrics, and the command that reproduces it. */
final class PreferenceCard {
    private PreferenceCard() {}

    /**
     * Writes the card.
     *
     * @param config configuration of the network
     * @param command command that reproduces the model
     */
    static String of(
            Network settings,
            ModelConfig config,
            NetworkTraining.Votes votes,
            NetworkTraining.Result result,
            String command) {
        DecoderConfig decoder = config.decoder();
        StringJoiner card = new StringJoiner("\n", "", "\n");
        card.add("# A preference model of notes");
        card.add("");
        card.add("Scores a clip with its caption; differences of scores are log-odds of being preferred.");
        card.add("");
        card.add("| | |");
        card.add("|---|---|");
        row(
                card,
                "architecture",
                "%d layers, width %d, scalar head, %s",
                decoder.layers(),
                decoder.width(),
                pooled(settings));
        row(card, "parameters", "%,d", ParameterLayout.of(config).size());
        row(card, "initialised from", "%s", begun(settings));
        row(card, "reads", "%s", read(settings));
        row(card, "trained on", "%s", counts(votes.train()));
        row(card, "training", "%s", trained(settings));
        row(card, "measured on", "%s, none of them trained on", counts(votes.heldOut()));
        PairMetrics held = result.heldOut();
        row(
                card,
                "accuracy",
                "%.1f %% of %d strict votes; chance is 50 %%",
                100.0 * held.accuracy().value(),
                held.pairs());
        row(card, "log loss", "%.4f nats; chance is 0.6931", held.logLoss());
        row(card, "expected calibration error", "%.3f", held.calibrationError());
        card.add("");
        card.add("Made by");
        card.add("");
        card.add("```");
        card.add(command);
        card.add("```");
        card.add("");
        card.add("Weights are stored in half precision; metrics are of those before rounding.");
        card.add(
                "Limits: it predicts votes of raters like those of its data on clips like those of its data; a policy that is trained");
        card.add("on it long enough exploits its errors.");
        return card.toString();
    }

    private static String pooled(Network settings) {
        return switch (settings.pooling()) {
            case MEAN -> "mean over all steps";
            case LAST -> "output of the last step";
        };
    }

    private static String trained(Network settings) {
        int steps = settings.training().steps();
        String head = "the head was fitted to the frozen trunk";
        return steps == 0
                ? head + ", which was not trained"
                : head
                        + String.format(
                                Locale.ROOT,
                                "; then %d updates of about %d votes",
                                steps,
                                settings.training().batch());
    }

    private static String begun(Network settings) {
        return switch (settings.training().start()) {
            case POLICY -> "the trunk of `" + settings.checkpoint() + "`";
            case SCRATCH -> "random weights";
        };
    }

    private static String read(Network settings) {
        double seconds = settings.reading().seconds();
        String clip = seconds == 0.0 ? "the whole clip" : String.format(Locale.ROOT, "the first %.1f s", seconds);
        return settings.reading().caption() == Caption.READ ? "the caption and " + clip : clip + ", not the caption";
    }

    private static String counts(ComparisonSet set) {
        long raters =
                set.comparisons().stream().map(vote -> vote.rater()).distinct().count();
        long prompts =
                set.clips().stream().map(ComparisonSet.Clip::prompt).distinct().count();
        return String.format(
                Locale.ROOT,
                "%,d votes of %d raters on %,d clips for %d prompts",
                set.comparisons().size(),
                raters,
                set.clips().size(),
                prompts);
    }

    private static void row(StringJoiner card, String name, String format, Object... values) {
        card.add("| " + name + " | " + String.format(Locale.ROOT, format, values) + " |");
    }
}
