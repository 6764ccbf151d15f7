package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.encore.app.runs.Machine;
import org.encore.evaluation.profile.PieceSelection;
import org.encore.evaluation.profile.ProfilePlan.ProfileSettings;
import org.encore.evaluation.profile.WindowLength;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.MidiFolderCorpus;
import org.encore.music.corpus.RenderedPieces;
import org.encore.music.corpus.Split;
import org.encore.statistics.Bootstrap;
import picocli.CommandLine.Option;

/** The options of a profile: pieces, place and length of the damage. */
final class ProfileOptions {
    static final int RESAMPLES = 1000;
    private static final String ETUDES = "corpus";
    private static final Path CODES = Path.of("runs/codes");

    @Option(
            names = "--pieces",
            paramLabel = "DIR",
            defaultValue = ETUDES,
            description = "Held-out pieces: of a folder of MIDI files, or `corpus` for the études.")
    private String pieces;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            defaultValue = "development",
            description = "Which held-out pieces: development to choose by, test for final figures.")
    private Split split;

    @Option(
            names = "--lengths",
            paramLabel = "LENGTH",
            split = ",",
            defaultValue = "5,10,50,100,150,200",
            description = "How long the damage is, in codes (50) or in seconds (0.5s); rising.")
    private List<String> lengths;

    @Option(
            names = "--clip-seconds",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description = "Of a model of sound: how much of the beginning of each piece is rendered and encoded.")
    private double clipSeconds;

    @Option(names = "--onset", paramLabel = "CODE", defaultValue = "32", description = "Where the damage begins.")
    private int onset;

    @Option(
            names = "--recovery",
            paramLabel = "CODES",
            defaultValue = "16",
            description = "Codes that every piece must have behind the longest damage.")
    private int recovery;

    @Option(names = "--count", paramLabel = "N", defaultValue = "64", description = "How many pieces.")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Same seed, same pieces and damage.")
    private long seed;

    long seed() {
        return seed;
    }

    Split split() {
        return split;
    }

    String pieces() {
        return pieces;
    }

    ProfileSettings settings() {
        return new ProfileSettings(
                onset,
                lengths.stream().map(WindowLength::parse).toList(),
                recovery,
                count,
                new Bootstrap(RESAMPLES, seed));
    }

    /**
     * Opens the pieces; for a codec of sound they are rendered and encoded.
     *
     * @param checkpoint a model that is profiled; the others have its codec
     * @param codec of the model
     * @param mostFrames frames that every model has positions for; windows of a folder are cut to them
     */
    PieceSelection.Source source(CheckpointInfo checkpoint, AudioCodec codec, int mostFrames) throws IOException {
        if (codec instanceof SymbolicCodec notes) {
            if (pieces.equals(ETUDES)) {
                checkpoint.requireCodec(Codecs.symbolic(Codecs.NOTES), "the corpus");
            }
            return new PieceSelection.Source(corpus(notes, mostFrames).on(split), codec, notes::encode, mostFrames);
        }
        Corpus corpus = corpus(Codecs.symbolic(Codecs.NOTES), Integer.MAX_VALUE);
        double seconds = codec.encoder()
                .map(encoder -> Math.min(clipSeconds, mostFrames / encoder.framesPerSecond()))
                .orElse(clipSeconds);
        RenderedPieces rendered =
                new RenderedPieces(corpus, codec, mostFrames, seed, new RenderedPieces.Settings(seconds, 1, CODES));
        return new PieceSelection.Source(corpus.on(split), codec, rendered::encode, mostFrames);
    }

    private Corpus corpus(SymbolicCodec codec, int mostFrames) throws IOException {
        if (pieces.equals(ETUDES)) {
            return new EtudeCorpus(seed);
        }
        MidiFolderCorpus.Settings standard = MidiFolderCorpus.Settings.standard(seed);
        MidiFolderCorpus.Settings windows = new MidiFolderCorpus.Settings(
                seed, Math.min(standard.maxCodes(), mostFrames), standard.maxSeconds(), standard.heldOutPerCent());
        return new MidiFolderCorpus(Machine.locate(Path.of(pieces)), codec, windows);
    }
}
