package org.encore.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.onnx.Onnx;
import org.encore.rewards.service.Service;
import org.encore.rewards.specs.Java;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/extending.md shows is what works. */
class ExtendingChapterTest {
    private static final Path CHAPTER = Path.of("..", "docs", "extending.md");

    @TempDir
    private Path directory;

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher block =
                Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$").matcher(Files.readString(CHAPTER));
        while (block.find()) {
            blocks.add(block.group(1));
        }
        return blocks;
    }

    private FineTuneSettings read(String yaml) {
        try {
            return new ConfigReader()
                    .read(Files.writeString(directory.resolve("c.yaml"), yaml), List.of(), FineTuneSettings.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void itsConfigurationsAreReadAndWrittenBack() throws IOException {
        List<Class<?>> kinds = new ArrayList<>();
        for (String yaml : blocks("yaml")) {
            FineTuneSettings settings = read(yaml);
            assertEquals(1, settings.rewards().size());
            kinds.add(settings.rewards().get(0).reward().getClass());
            assertEquals(settings, read(ResolvedConfig.yaml(settings)), yaml);
        }
        assertEquals(List.of(Java.class, Onnx.class, Onnx.class, Onnx.class, Service.class), kinds);
    }

    @Test
    void itsClassIsTheOneThatIsCompiledHere() throws IOException {
        assertEquals(
                List.of(Files.readString(Path.of("src", "test", "java", "com", "example", "HighNotes.java"))),
                blocks("java"));
        RewardEntry entry = read(blocks("yaml").get(0)).rewards().get(0);
        List<Score> scores = entry.member()
                .reward()
                .score(List.of(
                        Sample.of(new Prompt("music", Attributes.NONE), Clip.of(new Waveform(new float[10], 10)))));
        assertEquals("high", entry.id());
        assertEquals("only sound, no notes", scores.get(0).explanation().description());
    }

    @Test
    void whatIsMissingOrWrongIsSaidWithItsPlace() {
        assertRefused("rewards: [{kind: java}]", "c.yaml:1: rewards.0.name is missing; it must be text");
        assertRefused("rewards: [{kind: service}]", "c.yaml:1: rewards.0.url is missing; it must be text");
        assertRefused(
                "rewards: [{kind: service, url: \"http://far.example/\"}]",
                "c.yaml:1: rewards.0.url is \"http://far.example/\", but far.example is not this machine, which prompts"
                        + " and samples shall not leave; use localhost, or allow it by reach: any");
        assertRefused("rewards: [{kind: onnx}]", "c.yaml:1: rewards.0.model is missing; it must be a path");
        assertRefused(
                "rewards: [{kind: onnx, model: m.onnx, output: y}]",
                "c.yaml:1: rewards.0.inputs is empty, but must name the inputs of the model");
        assertRefused(
                "rewards: [{kind: onnx, model: m, output: y, inputs: [{kind: tokens, name: x}]}]",
                "c.yaml:1: rewards.0.inputs.0.tokenizer is missing; it must be a path");
        assertRefused(
                "rewards: [{kind: java, name: low-notes}]",
                "c.yaml:1: rewards.0.name is \"low-notes\", but the providers on the class path are high-notes; add the"
                        + " jar to ENCORE_CLASSPATH");
    }

    private void assertRefused(String yaml, String ending) {
        String message = assertThrows(ConfigException.class, () -> read(yaml)).getMessage();
        assertTrue(message.endsWith(ending), message);
    }
}
