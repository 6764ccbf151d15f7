package org.encore.music.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.encore.base.random.RandomStreams;
import org.encore.base.settings.Checks;
import org.encore.music.Piece;
import org.encore.music.audio.Resampler;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.AudioCodec;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.SoundClips.CaptionedCodes;
import org.encore.music.text.Prompt;

/**
 * The pieces of a corpus as codes of sound: each is rendered, and its beginning encoded once; the codes are kept in a folder
 * for later runs. Where a piece ends before its clip does, silence follows.
 *
 * <p>A corpus of endless pieces gives the first of them; training passes over these again and again, each time in another order.
 * Training, held-out and test pieces stay what they are in the corpus. Equal settings give equal codes, from the folder or not:
 * the names of the files tell corpus, codec, length, and what a first piece sounds like. Safe to use from several threads.
 */
public final class RenderedPieces {
    /** Clips of a file: as much as a killed run renders again. */
    private static final int BLOCK = 64;

    private final Corpus corpus;
    private final Settings settings;
    private final SoundClips clips;
    private final Synthesiser synthesiser;
    private final Resampler resampler;
    private final CodeCache cache;
    private final String identity;
    private final Passes passes;
    private final Map<String, List<CaptionedCodes>> blocks = new ConcurrentHashMap<>();
    private int encoded;

    /** The parts of a corpus. */
    private enum Part {
        TRAINING,
        DEVELOPMENT,
        TEST;

        String named(int block) {
            return name().toLowerCase(Locale.ROOT) + "-" + block;
        }
    }

    /**
     * How pieces become clips.
     *
     * @param clipSeconds length of the clips, in seconds: what is kept of the beginning of each piece
     * @param clips training pieces that are rendered
     * @param cache folder of the codes
     */
    public record Settings(double clipSeconds, int clips, Path cache) {
        public Settings {
            SoundClips.requireSeconds(clipSeconds);
            Checks.within("clips", clips, 1, 10_000_000);
        }
    }

    /** Is told of encoded clips. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Reports clips.
         *
         * @param done clips so far
         * @param all clips of the corpus
         * @param note how many of them were not in the folder
         */
        void clips(int done, int all, String note);
    }

    /**
     * Prepares the clips; nothing but the first training piece is rendered yet.
     *
     * @param seed of the order of the clips
     * @param maxFrames the most frames of a clip
     * @throws IllegalArgumentException if the codec does not encode sound, or the clips have too many frames
     */
    public RenderedPieces(Corpus corpus, AudioCodec codec, int maxFrames, long seed, Settings settings) {
        this.corpus = corpus;
        this.settings = settings;
        this.clips = SoundClips.of(codec, settings.clipSeconds(), maxFrames, "a corpus of sound");
        Synthesiser.Settings standard = Synthesiser.Settings.standard();
        this.synthesiser = new Synthesiser(new Synthesiser.Settings(
                standard.sampleRate(), standard.tailSeconds(), Math.max(1.0, settings.clipSeconds())));
        this.resampler = new Resampler(standard.sampleRate(), clips.sampleRate());
        this.cache = new CodeCache(settings.cache());
        this.passes = new Passes(new RandomStreams(seed), settings.clips());
        this.identity = new Digest()
                .add(corpus.fingerprint())
                .add(clips.identity())
                .add(Arrays.deepToString(encode(corpus.train(0).piece())))
                .hex();
    }

    /** Frames of a clip. */
    public int frames() {
        return clips.frames();
    }

    /** The sound of a clip of a piece, at the rate of the codec; it may be shorter or longer than a clip. */
    private Waveform sound(Piece piece) {
        return resampler.resampled(synthesiser.render(piece));
    }

    /**
     * The codes of a piece, rendered and encoded now.
     *
     * @return {@code [K][F]}
     */
    public int[][] encode(Piece piece) {
        return clips.encode(sound(piece), 0);
    }

    /** Renders and encodes all training clips that are not in the folder. */
    public void encodeTraining(Listener listener) throws IOException {
        int all = settings.clips();
        try {
            for (int first = 0; first < all; first += BLOCK) {
                block(Part.TRAINING, first / BLOCK);
                int done = Math.min(all, first + BLOCK);
                listener.clips(done, all, encoded + " encoded");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The training clip of an index, encoded now if it was not: every pass has its own order. */
    public CaptionedCodes train(long index) {
        int clip = passes.at(index);
        return block(Part.TRAINING, clip / BLOCK).get(clip % BLOCK);
    }

    /** The first held-out clips; all if there are no more. */
    public List<CaptionedCodes> heldOut(Split split, int count) {
        Part part = split == Split.TEST ? Part.TEST : Part.DEVELOPMENT;
        List<CaptionedCodes> found = new ArrayList<>();
        boolean more = true;
        for (int block = 0; found.size() < count && more; block++) {
            List<CaptionedCodes> next = block(part, block);
            found.addAll(next);
            more = next.size() == BLOCK;
        }
        return List.copyOf(found.subList(0, Math.min(count, found.size())));
    }

    private List<CaptionedCodes> block(Part part, int block) {
        // Computed outside of the map: rendering uses other threads.
        String name = part.named(block);
        List<CaptionedCodes> known = blocks.get(name);
        return known == null ? opened(part, block, name) : known;
    }

    private synchronized List<CaptionedCodes> opened(Part part, int block, String name) {
        List<CaptionedCodes> known = blocks.get(name);
        if (known != null) {
            return known;
        }
        try {
            List<CaptionedCodes> read = open(pieces(part, block), "rendered-" + identity + "-" + name);
            blocks.put(name, read);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<CaptionedPiece> pieces(Part part, int block) {
        int first = block * BLOCK;
        if (part == Part.TRAINING) {
            return IntStream.range(first, Math.min(settings.clips(), first + BLOCK))
                    .mapToObj(corpus::train)
                    .toList();
        }
        Corpus split = corpus.on(part == Part.TEST ? Split.TEST : Split.DEVELOPMENT);
        List<CaptionedPiece> pieces = split.heldOut(first + BLOCK);
        return pieces.subList(Math.min(first, pieces.size()), pieces.size());
    }

    private List<CaptionedCodes> open(List<CaptionedPiece> pieces, String file) throws IOException {
        if (pieces.isEmpty()) {
            return List.of();
        }
        Optional<List<int[][]>> kept = cache.read(file).filter(codes -> codes.size() == pieces.size());
        List<int[][]> codes = kept.isPresent() ? kept.get() : encode(pieces);
        if (kept.isEmpty()) {
            cache.write(file, codes);
            encoded += codes.size();
        }
        List<CaptionedCodes> captioned = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            Prompt prompt = pieces.get(i).prompt();
            captioned.add(new CaptionedCodes(prompt, codes.get(i)));
        }
        return List.copyOf(captioned);
    }

    /** Pieces are rendered side by side, and encoded in turn: the encoder has shards of its own. */
    private List<int[][]> encode(List<CaptionedPiece> pieces) {
        List<Waveform> sounds =
                pieces.parallelStream().map(piece -> sound(piece.piece())).toList();
        return sounds.stream().map(sound -> clips.encode(sound, 0)).toList();
    }
}
