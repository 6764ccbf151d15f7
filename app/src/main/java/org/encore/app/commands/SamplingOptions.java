package org.encore.app.commands;

import org.encore.model.decoding.SamplingSettings;
import picocli.CommandLine.Option;

/** The options of sampling, for commands that generate. */
final class SamplingOptions {
    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1.0",
            description = "Divides the logits; 0 always takes the most probable code.")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Sample from the K most probable codes; 0 from all.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1.0",
            description = "Keep codes up to this probability.")
    private double topP;

    @Option(
            names = "--guidance",
            paramLabel = "SCALE",
            defaultValue = "1.0",
            description = "Classifier-free guidance; 1 is none.")
    private double guidance;

    SamplingSettings settings() {
        return new SamplingSettings(temperature, topK, topP, guidance);
    }
}
