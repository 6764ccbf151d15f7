package org.encore.rewards.preference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.encore.base.files.InvalidFileException;
import org.encore.model.decoding.CodeSequence;
import org.encore.model.pretrained.Codecs;
import org.encore.music.Instrument;
import org.encore.music.Meter;
import org.encore.music.Note;
import org.encore.music.Piece;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.text.Attributes;
import org.encore.rewards.Sample;
import org.encore.rewards.Score;
import org.encore.rewards.TestRewards;
import org.encore.rewards.preference.ClipReading.Caption;
import org.encore.rewards.preference.ClipReading.Source;
import org.encore.rewards.preference.MeasuredPreference.Term;
import org.encore.rewards.preference.NetworkScores.Pooling;
import org.encore.rewards.preference.PreferenceModel.PreferenceModels;
import org.encore.rewards.preference.PreferenceReward.ClipScores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreferenceRewardTest {
    private static final SymbolicCodec CODEC = Codecs.symbolic(Codecs.NOTES);

    @TempDir
    private Path directory;

    /** Half a second at 120 quarter notes a minute, then another note an octave higher for two seconds. */
    private static final Piece PIECE = new Piece(
            120,
            Meter.FOUR_FOUR,
            List.of(new Note(new Instrument(0), 0, 12, 60, 80), new Note(new Instrument(0), 12, 48, 72, 80)));

    private void save() throws IOException {
        new MeasuredPreference(
                        List.of(new Term(PieceMeasure.PITCH_MEAN, 60.0, 2.0, 0.5)),
                        new ClipReading(Caption.HIDDEN, 0.0))
                .save(directory, -1.0);
    }

    /** Mean key 66: three scales above the mean, half a nat each. */
    @Test
    void aModelFromADirectoryRewards() throws IOException {
        save();
        PreferenceReward reward = PreferenceReward.of("liked", directory);
        List<Sample> batch = List.of(
                TestRewards.sample(Attributes.NONE, PIECE),
                TestRewards.silence(1).get(0));
        List<Score> scores = reward.score(batch);
        assertEquals(1.5, scores.get(0).value(), 1e-12);
        assertTrue(scores.get(1).abstains());
        assertEquals("liked", reward.id());
        assertEquals(
                new PreferenceFile(
                        PreferenceFile.Kind.MEASURES, Pooling.MEAN, new ClipReading(Caption.HIDDEN, 0.0), -1.0),
                PreferenceFile.read(directory));
    }

    @Test
    void whatIsCutOffIsNotRead() {
        ClipReading second = new ClipReading(Caption.READ, 1.0);
        Piece beginning =
                CODEC.piece(second.read(Source.of(PIECE), "a tune", CODEC, 100).codes());
        assertEquals(1.0, beginning.seconds(), 1e-9);
        assertEquals(2, beginning.notes().size());
        ClipReading all = ClipReading.defaults();
        CodeSequence codes = all.read(Source.of(PIECE), "a tune", CODEC, 5);
        assertEquals(5, codes.codes()[0].length);
        assertArrayEquals(Arrays.copyOf(CODEC.encode(PIECE)[0], 5), codes.codes()[0]);
        assertTrue(codes.conditioned());
        assertTrue(!all.read(Source.of(PIECE), "", CODEC, 5).conditioned());
        assertTrue(!new ClipReading(Caption.HIDDEN, 0.0)
                .read(Source.of(PIECE), "a tune", CODEC, 5)
                .conditioned());
    }

    /** Eight bars of a quarter note each, rising by a key a bar; windows of two notes read bars 1, 2 and 7, 8. */
    @Test
    void aClipBeyondTheWindowScoresTheMeanOfItsBeginningAndItsEnd() {
        List<Note> notes = new ArrayList<>();
        for (int bar = 0; bar < 8; bar++) {
            notes.add(new Note(new Instrument(0), 48 * bar, 12, 60 + bar, 80));
        }
        Piece piece = new Piece(120, Meter.FOUR_FOUR, notes);
        int frames = CODEC.encode(new Piece(120, Meter.FOUR_FOUR, notes.subList(0, 2)))[0].length - 1;
        List<CodeSequence> windows = ClipReading.defaults().windows(Source.of(piece), "", CODEC, frames);
        assertEquals(
                List.of(List.of(60, 61), List.of(66, 67)),
                windows.stream()
                        .map(window -> CODEC.piece(window.codes()).notes().stream()
                                .map(Note::pitch)
                                .toList())
                        .toList());
        assertEquals(0, CODEC.piece(windows.get(1).codes()).notes().get(0).onset());
        PreferenceModel meanPitch = new PreferenceModel() {
            @Override
            public ClipReading reading() {
                return ClipReading.defaults();
            }

            @Override
            public SymbolicCodec codec() {
                return CODEC;
            }

            @Override
            public int mostFrames() {
                return frames;
            }

            @Override
            public double[] scores(List<CodeSequence> clips) {
                return clips.stream()
                        .mapToDouble(clip -> CODEC.piece(clip.codes()).notes().stream()
                                .mapToInt(Note::pitch)
                                .average()
                                .orElseThrow())
                        .toArray();
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        Piece shorter = new Piece(120, Meter.FOUR_FOUR, notes.subList(0, 1));
        assertArrayEquals(
                new double[] {63.5, 60.0},
                new ClipScores(meanPitch)
                        .of(List.of(
                                new ClipScores.PromptedClip("", Source.of(piece)),
                                new ClipScores.PromptedClip("", Source.of(shorter)))),
                1e-12);
        assertEquals(
                1,
                new ClipReading(Caption.READ, 1.0)
                        .windows(Source.of(piece), "", CODEC, frames)
                        .size());
    }

    /** One note in each bar but the last, which has six: a window of four notes' codes holds the last ones. */
    @Test
    void theSecondWindowHoldsTheEndAlsoWhereTheEndIsDenser() {
        List<Note> notes = new ArrayList<>();
        for (int bar = 0; bar < 7; bar++) {
            notes.add(new Note(new Instrument(0), 48 * bar, 12, 60 + bar, 80));
        }
        for (int i = 0; i < 6; i++) {
            notes.add(new Note(new Instrument(0), 48 * 7 + 6 * i, 6, 80 + i, 80));
        }
        Piece piece = new Piece(120, Meter.FOUR_FOUR, notes);
        for (int kept : new int[] {4, 7}) {
            int frames = CODEC.encode(new Piece(120, Meter.FOUR_FOUR, notes.subList(0, kept)))[0].length + 2;
            List<CodeSequence> windows = ClipReading.defaults().windows(Source.of(piece), "", CODEC, frames);
            List<Note> last = CODEC.piece(windows.get(1).codes()).notes();
            assertEquals(
                    85, last.get(last.size() - 1).pitch(), "the last note of the piece, with " + frames + " codes");
            assertTrue(windows.get(1).codes()[0].length <= frames);
        }
    }

    @Test
    void directoriesWithoutAModelAreNamed() throws IOException {
        assertEquals(
                directory + ": holds no preference.json, so it is no preference model",
                assertThrows(InvalidFileException.class, () -> PreferenceReward.of("x", directory))
                        .getMessage());
        save();
        Path file = directory.resolve(PreferenceFile.NAME);
        Files.writeString(file, Files.readString(file).replace("measures", "magic"));
        assertEquals(
                file + ": kind is \"magic\", but must be one of [network, measures]",
                assertThrows(InvalidFileException.class, () -> PreferenceReward.of("x", directory))
                        .getMessage());
        save();
        Path weights = directory.resolve(MeasuredPreference.WEIGHTS);
        Files.writeString(weights, Files.readString(weights).replace("pitch_mean", "charm"));
        assertEquals(
                weights + ": names a measure that this Encore does not know",
                assertThrows(InvalidFileException.class, () -> PreferenceModels.load(directory))
                        .getMessage());
    }
}
