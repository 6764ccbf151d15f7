package org.encore.music.corpus;

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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.encore.base.files.InvalidFileException;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.AudioCodec.WaveformEncoder;
import org.encore.music.codec.Clip;
import org.encore.music.corpus.AudioFolderCorpus.Settings;
import org.encore.music.corpus.SoundClips.CaptionedCodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AudioFolderCorpusTest {
    private static final Settings SETTINGS = new Settings(1, 30);

    @TempDir
    private Path directory;

    private Path folder;
    private Path cache;

    /** Two codebooks at 10 frames of 40 samples a second: the mean of each frame's halves, in 100 steps. */
    private static final class Halves implements AudioCodec, WaveformEncoder {
        private final int shift;
        private final int channels;
        private int encoded;

        Halves(int shift) {
            this(shift, 1);
        }

        /** Of two channels, the first codebook is the first halves of the left one, the second the second of the right. */
        Halves(int shift, int channels) {
            this.shift = shift;
            this.channels = channels;
        }

        @Override
        public String name() {
            return "halves";
        }

        @Override
        public int codebooks() {
            return 2;
        }

        @Override
        public int cardinality() {
            return 201;
        }

        @Override
        public Clip decode(int[][] codes) {
            float[] silence = new float[codes[0].length * 40];
            return Clip.of(new Waveform(Collections.nCopies(channels, silence), 400));
        }

        @Override
        public int validFrames(int[][] codes) {
            return codes[0].length;
        }

        @Override
        public Optional<WaveformEncoder> encoder() {
            return Optional.of(this);
        }

        @Override
        public double framesPerSecond() {
            return 10;
        }

        @Override
        public int[][] encode(Waveform waveform) {
            assertEquals(400, waveform.sampleRate());
            encoded++;
            int[][] codes = new int[2][waveform.samples().length / 40];
            for (int k = 0; k < 2; k++) {
                float[] samples = waveform.channels() == 2 ? waveform.channel(k) : waveform.samples();
                for (int f = 0; f < codes[k].length; f++) {
                    float sum = 0;
                    for (int i = 0; i < 20; i++) {
                        sum += samples[40 * f + 20 * k + i];
                    }
                    codes[k][f] = Math.floorMod(Math.round(5 * sum) + 100 + shift, 201);
                }
            }
            return codes;
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectories(directory.resolve("audio"));
        cache = directory.resolve("cache");
    }

    private void sound(String name, double level, double seconds, int rate) throws IOException {
        float[] samples = new float[(int) Math.round(seconds * rate)];
        Arrays.fill(samples, (float) level);
        Files.createDirectories(folder.resolve(name).getParent());
        WaveFiles.write(folder.resolve(name), new Waveform(samples, rate));
    }

    private AudioFolderCorpus captioned(int files) throws IOException {
        for (int i = 0; i < files; i++) {
            sound(i + ".wav", (i + 1) / 20.0, 5.0, 400);
            Files.writeString(folder.resolve(i + ".txt"), "sound " + i);
        }
        return new AudioFolderCorpus(folder, SETTINGS);
    }

    private EncodedSound encoded(AudioFolderCorpus corpus, AudioCodec codec, double seconds) throws IOException {
        return new EncodedSound(corpus, codec, 100, new EncodedSound.Settings(seconds, cache), (done, all, note) -> {});
    }

    @Test
    void captionsComeFromTheTableOrStandBeside() throws IOException {
        sound("a.wav", 0.1, 1, 400);
        sound("sub/b.wav", 0.2, 1, 400);
        sound("c.WAV", 0.3, 1, 400);
        sound("d.wav", 0.4, 1, 400);
        sound("bare.wav", 0.5, 1, 400);
        Files.writeString(folder.resolve("captions.csv"), "file,caption\na.wav,one\na.wav,two\n");
        Files.writeString(folder.resolve("a.txt"), "not this");
        Files.writeString(folder.resolve("sub/b.json"), "{\"key\": \"C\", \"description\": \"three\\n words\"}");
        Files.writeString(folder.resolve("c.json"), "{\"description\": null}");
        Files.writeString(folder.resolve("c.txt"), " four ");
        Files.writeString(folder.resolve("d.json"), "{\"prompt\": \"five\"}");
        AudioFolderCorpus corpus = new AudioFolderCorpus(folder, SETTINGS);
        Set<String> texts = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            texts.add(corpus.tuningPrompt(i).text());
        }
        corpus.heldOutPrompts(9).forEach(prompt -> texts.add(prompt.text()));
        texts.add("one");
        texts.add("two");
        assertEquals(Set.of("one", "two", "three words", "four", "five"), texts);
    }

    @Test
    void clipsAreCutFilledUpAndEncodedOnceForEachCodec() throws IOException {
        AudioFolderCorpus corpus = captioned(8);
        Halves codec = new Halves(0);
        // Of 5 s, clips of 2 s: two whole ones, and a half that is filled up.
        EncodedSound sound = encoded(corpus, codec, 2.0);
        assertEquals(1 + 8 * 3, codec.encoded, "and one to know the codec by");
        int held = corpus.heldOutFiles().size();
        assertEquals(3 * (8 - held), sound.trainingClips());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < sound.trainingClips(); i++) {
            CaptionedCodes clip = sound.train(i);
            int level = 100 + 5 * (Integer.parseInt(clip.prompt().text().substring(6)) + 1);
            assertEquals(2, clip.codes().length);
            assertEquals(20, clip.codes()[0].length);
            assertEquals(level, clip.codes()[1][9]);
            boolean full = clip.codes()[0][19] == level;
            assertTrue(full || clip.codes()[0][10] == 100, "silence follows");
            seen.add(clip.prompt().text() + full);
        }
        assertEquals(2 * (8 - held), seen.size(), "a pass has every clip");

        Halves again = new Halves(0);
        EncodedSound cached = encoded(new AudioFolderCorpus(folder, SETTINGS), again, 2.0);
        assertEquals(1, again.encoded);
        for (int i = 0; i < 50; i++) {
            assertArrayEquals(sound.train(i).codes(), cached.train(i).codes());
            assertEquals(sound.train(i).prompt(), cached.train(i).prompt());
        }
        Halves other = new Halves(3);
        encoded(corpus, other, 2.0);
        assertEquals(25, other.encoded, "codes of another codec are not taken");
        Halves longer = new Halves(0);
        encoded(corpus, longer, 4.0);
        assertTrue(longer.encoded > 1, "nor those of other clips");

        Path damaged;
        try (Stream<Path> files = Files.list(cache)) {
            damaged = files.sorted().findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        Halves repaired = new Halves(0);
        encoded(corpus, repaired, 2.0);
        encoded(corpus, new Halves(3), 2.0);
        encoded(corpus, new Halves(0), 4.0);
        assertNotEquals(bytes[bytes.length / 2], Files.readAllBytes(damaged)[bytes.length / 2]);
    }

    @Test
    void soundOfAnotherRateIsResampledAndLevelsSurvive() throws IOException {
        captioned(2);
        sound("fast.wav", 0.5, 3.0, 1000);
        Files.writeString(folder.resolve("fast.txt"), "sound 9");
        EncodedSound sound = encoded(new AudioFolderCorpus(folder, SETTINGS), new Halves(0), 3.0);
        List<CaptionedCodes> clips = new ArrayList<>(sound.heldOut(Split.DEVELOPMENT, 9));
        for (int i = 0; i < sound.trainingClips(); i++) {
            clips.add(sound.train(i));
        }
        CaptionedCodes fast = clips.stream()
                .filter(clip -> clip.prompt().text().equals("sound 9"))
                .findFirst()
                .orElseThrow();
        assertEquals(30, fast.codes()[0].length);
        assertEquals(150, fast.codes()[0][15], 1);
    }

    /** A stereo codec gets left and right, resampled, from every clip of a file; of a mono file both are its sound. */
    @Test
    void aStereoCodecGetsBothChannels() throws IOException {
        captioned(3);
        float[] left = new float[6000];
        float[] right = new float[6000];
        Arrays.fill(left, 0.2f);
        Arrays.fill(right, -0.4f);
        WaveFiles.write(folder.resolve("both.wav"), new Waveform(List.of(left, right), 1000));
        Files.writeString(folder.resolve("both.txt"), "both");
        AudioFolderCorpus corpus = new AudioFolderCorpus(folder, SETTINGS);
        Halves mono = new Halves(0);
        encoded(corpus, mono, 3.0);
        Halves stereo = new Halves(0, 2);
        EncodedSound sound = encoded(corpus, stereo, 3.0);
        assertEquals(mono.encoded, stereo.encoded, "codes of the mean are not taken");
        List<CaptionedCodes> clips = new ArrayList<>(sound.heldOut(Split.DEVELOPMENT, 9));
        for (int i = 0; i < sound.trainingClips(); i++) {
            clips.add(sound.train(i));
        }
        int sides = 0;
        for (CaptionedCodes clip : clips) {
            int[][] codes = clip.codes();
            if (clip.prompt().text().equals("both")) {
                assertEquals(120, codes[0][15], 1);
                assertEquals(60, codes[1][15], 1);
                sides++;
            } else {
                assertEquals(codes[0][15], codes[1][15]);
            }
        }
        assertEquals(2, sides);
    }

    @Test
    void theSplitIsByContent() throws IOException {
        AudioFolderCorpus corpus = captioned(12);
        List<String> held = corpus.heldOutFiles();
        for (int i = 0; i < 12; i++) {
            Files.copy(folder.resolve(i + ".wav"), folder.resolve("copy-" + i + ".wav"));
            Files.writeString(folder.resolve("copy-" + i + ".txt"), "copy");
        }
        List<String> both = new AudioFolderCorpus(folder, SETTINGS).heldOutFiles();
        Set<String> expected = new TreeSet<>(held);
        held.forEach(name -> expected.add("copy-" + name));
        assertEquals(expected, new TreeSet<>(both));
    }

    @Test
    void unreadableFilesAreLeftOutUnlessAllAre() throws IOException {
        AudioFolderCorpus corpus = captioned(8);
        Path broken = folder.resolve("0.wav");
        Set<String> held = new HashSet<>(corpus.heldOutFiles());
        for (int i = 0; i < 8; i++) {
            if (!held.contains(i + ".wav")) {
                broken = folder.resolve(i + ".wav");
            }
        }
        Files.write(broken, new byte[] {1, 2, 3});
        List<String> notes = new ArrayList<>();
        EncodedSound sound = new EncodedSound(
                corpus,
                new Halves(0),
                100,
                new EncodedSound.Settings(5.0, cache),
                (done, all, note) -> notes.add(done + "/" + all + " " + note));
        assertEquals(8 - held.size() - 1, sound.trainingClips());
        assertEquals("8/8 7 encoded, 1 cannot be read", notes.get(7));
        for (int i = 0; i < 8; i++) {
            Files.write(folder.resolve(i + ".wav"), new byte[] {1, 2, (byte) i});
        }
        AudioFolderCorpus unread = new AudioFolderCorpus(folder, SETTINGS);
        InvalidFileException e = assertThrows(InvalidFileException.class, () -> encoded(unread, new Halves(0), 5.0));
        assertTrue(e.getMessage().contains("none can be read"), e.getMessage());
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThrows(InvalidFileException.class, () -> new AudioFolderCorpus(folder.resolve("absent"), SETTINGS));
        sound("a.wav", 0.1, 1, 400);
        InvalidFileException e =
                assertThrows(InvalidFileException.class, () -> new AudioFolderCorpus(folder, SETTINGS));
        assertTrue(e.getMessage().contains("holds 0 different sound files"), e.getMessage());
        AudioFolderCorpus corpus = captioned(3);
        IllegalArgumentException tooLong =
                assertThrows(IllegalArgumentException.class, () -> encoded(corpus, new Halves(0), 11.0));
        assertTrue(tooLong.getMessage().endsWith("make it at most 10.0"), tooLong.getMessage());
    }
}
