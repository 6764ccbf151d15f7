package org.encore.preferences.listening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.preferences.listening.ListeningSettings.Page;
import org.encore.preferences.listening.ListeningSettings.Rules;
import org.encore.preferences.listening.ListeningSettings.ServerSettings;
import org.encore.preferences.listening.clips.ClipSource;
import org.encore.preferences.listening.clips.GeneratedFolder.CheckpointGenerator;
import org.encore.preferences.listening.clips.PromptSource;
import org.encore.preferences.store.PreferenceStore;
import org.encore.preferences.store.PreferenceStore.StoredPair;
import org.encore.run.Progress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LineupTest {
    @TempDir
    private Path directory;

    /** Plays two samples that its randomness decides, and remembers what it was asked. */
    private static final class FakePlayer implements CheckpointGenerator {
        private final List<String> asked = new ArrayList<>();

        @Override
        public void check(ClipSource.Checkpoint system) {
            if (system.name().equals("refused")) {
                throw new InvalidFileException(system.checkpoint(), "cannot play");
            }
        }

        @Override
        public List<String> identity(ClipSource.Checkpoint system) {
            return system.steer().stream().toList();
        }

        @Override
        public List<Clip> generate(
                ClipSource.Checkpoint system, List<String> prompts, IntFunction<RandomGenerator> streams) {
            List<Clip> clips = new ArrayList<>();
            for (int i = 0; i < prompts.size(); i++) {
                asked.add(system.name() + ": " + prompts.get(i));
                RandomGenerator random = streams.apply(i);
                clips.add(Clip.of(new Waveform(new float[] {random.nextFloat(), random.nextFloat()}, 8000)));
            }
            return clips;
        }
    }

    private ListeningSettings settings(List<ClipSource> systems, Optional<PromptSource> prompts) {
        return new ListeningSettings(
                "session",
                directory.resolve("judgements.db"),
                systems,
                prompts,
                prompts.map(unused -> directory.resolve("clips")),
                1,
                Page.defaults(),
                Rules.defaults(),
                ServerSettings.defaults());
    }

    private Path folder(String name, String... files) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(name));
        for (String file : files) {
            WaveFiles.write(folder.resolve(file), new Waveform(new float[] {0.1f, 0.2f}, 8000));
        }
        return folder;
    }

    private List<StoredPair> laidOut(ListeningSettings settings, CheckpointGenerator player) throws IOException {
        try (PreferenceStore store = PreferenceStore.openOrCreate(settings.database(), Clock.systemUTC())) {
            ListeningTest test = new ListeningTest(settings, store, Clock.systemUTC());
            Lineup lineup = new Lineup(settings, player);
            lineup.check();
            lineup.layOut(test, Progress.none());
            assertTrue(test.isAllLaidOut());
            return store.pairs(test.session());
        }
    }

    @Test
    void everyTwoSystemsMeetOnEveryPromptOfBoth() throws IOException {
        Path one = folder("one", "x.wav", "y.wav", "only-here.wav");
        Path two = folder("two", "x.wav", "y.wav");
        Path three = folder("three", "y.wav");
        Files.writeString(one.resolve("x.json"), "{\"prompt\": \" a waltz \"}");
        Files.writeString(two.resolve("y.txt"), "a march\n");
        List<StoredPair> pairs = laidOut(
                settings(
                        List.of(
                                new ClipSource.Folder("1", one),
                                new ClipSource.Folder("2", two),
                                new ClipSource.Folder("3", three)),
                        Optional.empty()),
                new FakePlayer());
        List<String> met = pairs.stream()
                .map(pair -> pair.a().system() + pair.b().system() + " "
                        + pair.a().path().getFileName() + " " + pair.prompt())
                .toList();
        assertEquals(List.of("12 x.wav a waltz", "12 y.wav a march", "13 y.wav ", "23 y.wav a march"), met);
    }

    @Test
    void filesOfOneNameMustAnswerOnePrompt() throws IOException {
        Path one = folder("one", "x.wav");
        Path two = folder("two", "x.wav");
        Files.writeString(one.resolve("x.txt"), "a waltz");
        Files.writeString(two.resolve("x.txt"), "a march");
        String refused = refusal(List.of(new ClipSource.Folder("1", one), new ClipSource.Folder("2", two)));
        assertTrue(refused.startsWith(two.resolve("x.wav") + ": was made for \"a march\", but "), refused);
    }

    @Test
    void foldersThatCannotBeComparedAreRefused() throws IOException {
        Path one = folder("one", "x.wav");
        Path missing = directory.resolve("missing");
        ClipSource first = new ClipSource.Folder("1", one);
        assertEquals(
                missing + ": does not exist, but must be a folder of clips of 2",
                refusal(List.of(first, new ClipSource.Folder("2", missing))));
        Path bare = Files.createDirectories(directory.resolve("bare"));
        assertEquals(
                bare + ": has no clips of 2 (.wav, .flac, .mp3, .ogg, .oga, .mid, .midi, .rmi)",
                refusal(List.of(first, new ClipSource.Folder("2", bare))));
        Path strange = folder("strange", "z.wav");
        assertEquals(
                strange + ": has no file of the same name as one of the other systems, so there is nothing to compare",
                refusal(List.of(first, new ClipSource.Folder("2", strange))));
        Path broken = folder("broken");
        Files.writeString(broken.resolve("x.wav"), "no sound");
        assertTrue(refusal(List.of(first, new ClipSource.Folder("2", broken)))
                .startsWith(broken.resolve("x.wav") + ": is not a WAV file"));
    }

    private String refusal(List<ClipSource> systems) {
        Lineup lineup = new Lineup(settings(systems, Optional.empty()), new FakePlayer());
        String message = assertThrows(InvalidFileException.class, lineup::check).getMessage();
        assertFalse(message.contains("\n"));
        return message;
    }

    @Test
    void checkpointsGenerateMissingClips() throws IOException {
        Path model = Files.createDirectories(directory.resolve("model"));
        Files.writeString(model.resolve("model.safetensors"), "weights");
        List<ClipSource> systems = List.of(
                new ClipSource.Checkpoint("calm", model, 0.5, Optional.empty()),
                new ClipSource.Checkpoint("lively", model, 1.0, Optional.empty()));
        FakePlayer first = new FakePlayer();
        List<StoredPair> pairs =
                laidOut(settings(systems, Optional.of(new PromptSource.Texts(List.of("a", "b", "a")))), first);
        assertEquals(List.of("calm: a", "calm: b", "lively: a", "lively: b"), first.asked);
        assertEquals(2, pairs.size());
        float[] played = WaveFiles.read(pairs.get(0).a().path()).samples();

        FakePlayer second = new FakePlayer();
        List<StoredPair> more =
                laidOut(settings(systems, Optional.of(new PromptSource.Texts(List.of("c", "b", "a")))), second);
        assertEquals(List.of("calm: c", "lively: c"), second.asked);
        assertEquals(3, more.size(), "the pairs of before are the same pairs");
        assertEquals(played[0], WaveFiles.read(more.get(0).a().path()).samples()[0]);

        Files.writeString(model.resolve("model.safetensors"), "other weights");
        FakePlayer third = new FakePlayer();
        laidOut(settings(systems, Optional.of(new PromptSource.Texts(List.of("a")))), third);
        assertEquals(List.of("calm: a", "lively: a"), third.asked, "another model plays anew");

        List<ClipSource> steered =
                List.of(systems.get(0), new ClipSource.Checkpoint("lively", model, 1.0, Optional.of("drums=0.8")));
        FakePlayer fourth = new FakePlayer();
        laidOut(settings(steered, Optional.of(new PromptSource.Texts(List.of("a")))), fourth);
        assertEquals(List.of("lively: a"), fourth.asked, "a steered model plays anew");
    }

    @Test
    void aCheckpointThatCannotGenerateIsRefusedBeforeGeneration() {
        List<ClipSource> systems = List.of(
                new ClipSource.Checkpoint("calm", directory, 1.0, Optional.empty()),
                new ClipSource.Checkpoint("refused", directory, 1.0, Optional.empty()));
        FakePlayer player = new FakePlayer();
        Lineup lineup = new Lineup(settings(systems, Optional.of(new PromptSource.Texts(List.of("a")))), player);
        assertThrows(InvalidFileException.class, lineup::check);
        assertTrue(player.asked.isEmpty());
    }
}
