package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.base.files.InvalidFileException;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.text.TextTokenizer;
import org.encore.model.transformer.ModelConfig.DecoderConfig;
import org.encore.model.transformer.ParameterLayout;
import org.encore.music.text.CaptionWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Says what a checkpoint is, and the words, styles and instruments that its prompts can name. */
@Command(
        name = "info",
        description = "Says what a checkpoint is, and which words, styles and instruments its prompts can name.")
public final class InfoCommand implements Callable<Integer> {
    private static final int LINE = 110;

    @Parameters(paramLabel = "CHECKPOINT", description = "The model.")
    private Path checkpoint;

    @Mixin
    private Results results;

    @Override
    public Integer call() throws IOException {
        CheckpointInfo info = CheckpointInfo.of(Machine.locate(checkpoint));
        DecoderConfig decoder = info.config().decoder();
        long parameters = ParameterLayout.count(info.config());
        StringBuilder text = new StringBuilder();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("checkpoint", checkpoint.toString());
        facts.put("codec", info.codec());
        facts.put("parameters", parameters);
        facts.put("layers", decoder.layers());
        facts.put("width", decoder.width());
        facts.put("heads", decoder.heads());
        facts.put("codebooks", decoder.codebooks());
        facts.put("vocabulary", decoder.vocabulary());
        facts.put("audio_channels", decoder.audioChannels());
        facts.put("max_frames", info.maxFrames());
        line(
                text,
                "model",
                String.format(
                        Locale.ROOT,
                        "%,d parameters; decoder of %d blocks, width %d, %d heads",
                        parameters,
                        decoder.layers(),
                        decoder.width(),
                        decoder.heads()));
        line(
                text,
                "codec",
                String.format(
                        Locale.ROOT,
                        "%s, %d x %d codes, at most %d frames a piece%s",
                        info.codec(),
                        decoder.codebooks(),
                        decoder.vocabulary(),
                        info.maxFrames(),
                        decoder.audioChannels() == 2 ? ", stereo" : ""));
        try (TextTokenizer tokenizer = info.tokenizer()) {
            addText(tokenizer, text, facts);
        } catch (InvalidFileException e) {
            facts.put("problem", e.getMessage());
            line(text, "text", e.getMessage());
        }
        results.print(facts, text.toString().stripTrailing());
        return ExitStatus.OK;
    }

    private static void addText(TextTokenizer tokenizer, StringBuilder text, Map<String, Object> facts)
            throws IOException {
        List<String> words = tokenizer.words();
        facts.put("reads_text", tokenizer.capacity() > 0);
        facts.put("words", words);
        Map<String, Map<String, List<String>>> values = words.isEmpty() ? Map.of() : values(tokenizer);
        facts.put("values", values);
        if (tokenizer.capacity() == 0) {
            line(text, "text", "it reads none");
        } else if (words.isEmpty()) {
            line(text, "text", "any: its vocabulary spells words from pieces");
        } else {
            line(text, "text", words.size() + " words (--json lists them), others are unknown");
        }
        values.forEach((aspect, phrases) -> {
            text.append(String.format(Locale.ROOT, "%n%s%n", aspect));
            phrases.forEach((value, said) -> line(text, "  " + value, shortened(said)));
        });
    }

    /** Phrases of training captions whose words are all known, by aspect and value; values without any are left out. */
    private static Map<String, Map<String, List<String>>> values(TextTokenizer tokenizer) {
        Map<String, Map<String, List<String>>> known = new LinkedHashMap<>();
        new CaptionWriter().phrases().forEach((aspect, values) -> {
            Map<String, List<String>> said = new LinkedHashMap<>();
            values.forEach((value, phrases) -> {
                List<String> spelt = phrases.stream()
                        .filter(phrase -> tokenizer.unknownWords(phrase).isEmpty())
                        .toList();
                if (!spelt.isEmpty()) {
                    said.put(value, spelt);
                }
            });
            if (!said.isEmpty()) {
                known.put(aspect.name().toLowerCase(Locale.ROOT), said);
            }
        });
        return known;
    }

    private static String shortened(List<String> phrases) {
        StringBuilder line = new StringBuilder(phrases.get(0));
        for (String phrase : phrases.subList(1, phrases.size())) {
            if (line.length() + phrase.length() > LINE) {
                return line.append("; …").toString();
            }
            line.append("; ").append(phrase);
        }
        return line.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-14s%s%n", name, value));
    }
}
