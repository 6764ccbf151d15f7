package org.encore.steering.probes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.model.decoding.Generator;
import org.encore.model.decoding.PromptQueue;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.decoding.SequenceTap;
import org.encore.model.kernels.DecodingKernels.Packing;
import org.encore.model.kernels.Kernels;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.kernels.Tensor;
import org.encore.model.kernels.nd4j.PortableKernels;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.notes.NoteLanguage;
import org.encore.music.codec.notes.NoteVocabulary;
import org.encore.music.codec.notes.NoteVocabulary.CodeKind;
import org.encore.music.etudes.Etudes;
import org.encore.music.midi.MidiFiles;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Timbre;
import org.encore.steering.probes.HeadOutputs.Outputs;
import org.encore.steering.probes.Segments.Segment;
import org.encore.steering.probes.Segments.Split;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Clips, and what a model computes at their last step. */
class ClipsTest {
    private static final Path BASE = Path.of("../checkpoints/etudes-captions");
    private static final ProbeSettings SETTINGS = new ProbeSettings(3.0, 6, 3, 3, 1.0, 0);

    @TempDir
    Path folder;

    private static Segments segments(ProbeSettings settings) {
        return new Segments(new NoteCodec(new Synthesiser(Synthesiser.Settings.standard())), 256, settings, 1);
    }

    private static long notesOf(Timbre timbre, Segment segment) {
        return NoteLanguage.read(segment.codes()[0]).notes().stream()
                .filter(note -> Timbre.nearest(note.instrument()) == timbre)
                .count();
    }

    @Test
    void aPartIsThereAndTheSameClipIsWithoutIt() throws IOException {
        for (Split split : List.of(Split.TRAINING, Split.SELECTION)) {
            List<Segment> clips = segments(SETTINGS).of(new Trait.Instrument(Timbre.BASS), split);
            assertEquals(2 * (split == Split.TRAINING ? 6 : 3), clips.size());
            for (int i = 0; i < clips.size(); i += 2) {
                Segment with = clips.get(i);
                Segment without = clips.get(i + 1);
                assertTrue(with.positive() && !without.positive());
                assertEquals(with.source(), without.source());
                assertTrue(notesOf(Timbre.BASS, with) >= 2);
                assertEquals(0, notesOf(Timbre.BASS, without));
                Piece both = NoteLanguage.read(with.codes()[0]);
                List<Note> others = both.notes().stream()
                        .filter(note -> Timbre.nearest(note.instrument()) != Timbre.BASS)
                        .toList();
                assertEquals(others, NoteLanguage.read(without.codes()[0]).notes());
                assertTrue(both.notes().stream()
                        .allMatch(note -> note.onset() * both.secondsPerTick() < 3.0 + both.secondsPerTick()));
                assertNotEquals(NoteLanguage.END, with.codes()[0][with.codes()[0].length - 1]);
            }
        }
    }

    /** The same pieces, cut off in the middle of notes too. */
    @Test
    void clipsOfDirectionsEndAnywhere() throws IOException {
        Trait.Instrument bass = new Trait.Instrument(Timbre.BASS);
        List<Segment> whole = segments(SETTINGS).of(bass, Split.TRAINING);
        List<Segment> cut = segments(SETTINGS).of(bass, Split.TRAINING, 4);
        Set<Boolean> complete = new HashSet<>();
        for (int i = 0; i < whole.size(); i++) {
            assertEquals(whole.get(i).source(), cut.get(i).source());
            assertTrue(isWhole(whole.get(i)), "a clip ends within a note");
            complete.add(isWhole(cut.get(i)));
        }
        assertEquals(Set.of(true, false), complete);
    }

    private static boolean isWhole(Segment clip) {
        int[] codes = clip.codes()[0];
        return NoteVocabulary.kindOf(codes[codes.length - 1]) == CodeKind.PITCH;
    }

    @Test
    void attributesAreThoseOfTheEtudes() throws IOException {
        Trait.Attribute fast = new Trait.Attribute(Aspect.TEMPO, "fast");
        List<Segment> clips = segments(SETTINGS).of(fast, Split.HELD_OUT);
        assertEquals(3, clips.stream().filter(Segment::positive).count());
        assertEquals(6, clips.size());
        Etudes etudes = new Etudes(1);
        for (Segment clip : clips) {
            assertEquals(
                    clip.positive(), fast.isIn(etudes.heldOut(clip.source()).truth()));
            assertEquals(clip.positive(), NoteLanguage.read(clip.codes()[0]).tempoBpm() > 130);
        }
        assertEquals("tempo-fast", fast.name());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Trait.Attribute(Aspect.TEMPO, "quick"))
                .getMessage()
                .contains("slow, medium, fast"));
    }

    @Test
    void filesOfFoldersAreSplitByTheirNames() throws IOException {
        Etudes etudes = new Etudes(1);
        for (int i = 0; i < 5; i++) {
            MidiFiles.write(folder.resolve("a/" + i + ".mid"), etudes.train(i).piece());
            MidiFiles.write(
                    folder.resolve("b/" + i + ".mid"), etudes.train(10 + i).piece());
        }
        Trait.Folders trait = new Trait.Folders("own", folder.resolve("a"), folder.resolve("b"));
        Set<Integer> sources = new HashSet<>();
        for (Split split : Split.values()) {
            List<Segment> clips = segments(SETTINGS).of(trait, split);
            long positives = clips.stream().filter(Segment::positive).count();
            assertEquals(clips.size(), 2 * positives);
            assertTrue(positives > 0);
            Set<Integer> own = new HashSet<>();
            clips.forEach(clip -> own.add(clip.source()));
            own.forEach(source -> assertTrue(sources.add(source), "in two splits"));
        }
        Files.delete(folder.resolve("b/4.mid"));
        assertTrue(assertThrows(
                        InvalidFileException.class, () -> segments(SETTINGS).of(trait, Split.TRAINING))
                .getMessage()
                .contains("holds 4 MIDI files, but probes need at least 5"));
    }

    /** A clip's outputs are those that a tap sees when generation has read the clip, whatever else is in the batch. */
    private static void isWhatGenerationComputes(Path checkpoint, List<int[][]> clips) throws IOException {
        try (Shards shards = Shards.of(2, () -> new PortableKernels(Precision.SINGLE));
                PretrainedModel model = PretrainedModel.open(CheckpointInfo.of(checkpoint), shards)) {
            List<Outputs> outputs = new HeadOutputs(model).of(clips, (task, done, total, summary) -> {});
            int capacity = model.tokenizer().capacity();
            int longest = clips.stream().mapToInt(clip -> clip[0].length).max().orElseThrow();
            Generator.Settings settings = new Generator.Settings(
                    1, longest + 1, capacity, SamplingSettings.defaults(), OptionalInt.empty(), Packing.FLOAT32);
            try (Generator generator = new Generator(model.replicas().model(), settings)) {
                for (int i = 0; i < clips.size(); i++) {
                    int[][] clip = clips.get(i);
                    Kernels kernels = shards.kernels(0);
                    int layers = model.config().decoder().layers();
                    float[][] heads = new float[layers][];
                    float[][] states = new float[layers][];
                    generator.generate(queue(clip), 1, new SequenceTap() {
                        @Override
                        public void heads(int layer, Rows rows, Tensor attended) {
                            keep(layer, rows, attended, heads);
                        }

                        @Override
                        public void states(int layer, Rows rows, Tensor behind) {
                            keep(layer, rows, behind, states);
                        }

                        private void keep(int layer, Rows rows, Tensor tensor, float[][] kept) {
                            if (rows.positions()[0] == clip[0].length) {
                                kept[layer] = kernels.readFloats(tensor);
                            }
                        }
                    });
                    for (int layer = 0; layer < layers; layer++) {
                        assertArrayEquals(heads[layer], outputs.get(i).heads()[layer], 1e-3f);
                        assertArrayEquals(states[layer], outputs.get(i).states()[layer], 2e-3f);
                    }
                }
            }
        }
    }

    private static PromptQueue queue(int[][] clip) {
        return new PromptQueue() {
            private boolean given;

            @Override
            public Optional<Item> next() {
                Optional<Item> item = given
                        ? Optional.empty()
                        : Optional.of(new Item(
                                0,
                                new int[] {1},
                                new float[] {0},
                                clip,
                                Integer.MAX_VALUE,
                                new RandomStreams(1).stream(Purpose.SAMPLING, 0)));
                given = true;
                return item;
            }

            @Override
            public void complete(int index, int[][] codes, double[] logProbs) {
                // only the tap is of interest
            }
        };
    }

    @Test
    void theLastStepIsWhatGenerationComputes() throws IOException {
        List<int[][]> clips = new ArrayList<>();
        for (Segment segment : segments(SETTINGS).of(new Trait.Instrument(Timbre.PIANO), Split.SELECTION)) {
            clips.add(segment.codes());
        }
        isWhatGenerationComputes(BASE, clips);
    }

    /** Several codebooks, of which the later ones lag. */
    @Test
    @EnabledIfEnvironmentVariable(
            named = "ENCORE_SHARED",
            matches = ".+",
            disabledReason = "needs a tiny MusicGen: set ENCORE_SHARED to the directory that holds data/golden")
    void soItIsWithSeveralCodebooks() throws IOException {
        Path golden = Path.of(System.getenv("ENCORE_SHARED"), "data", "golden", "hf_musicgen_tiny");
        try (Stream<Path> files = Files.list(golden)) {
            for (Path file : files.toList()) {
                Files.write(folder.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        Files.copy(BASE.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        List<int[][]> clips = new ArrayList<>();
        for (int length : new int[] {9, 20, 33}) {
            int[][] clip = new int[4][length];
            for (int k = 0; k < clip.length; k++) {
                int codebook = k;
                Arrays.setAll(clip[k], f -> (7 * f + 11 * codebook) % 64);
            }
            clips.add(clip);
        }
        isWhatGenerationComputes(folder, clips);
    }
}
