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
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.corpus.MidiFolderCorpus;
import org.encore.music.corpus.Split;
import org.encore.statistics.Bootstrap;
import picocli.CommandLine.Option;

/** The options of a profile: pieces, place and length of the damage. */
final class ProfileOptions {
    static final int RESAMPLES = 1000;
    private static final String ETUDES = "corpus";

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
     * Opens the pieces.
     *
     * @param checkpoint a model that is profiled; the others have its codec
     * @param mostFrames frames that every model has positions for; windows of a folder are cut to them
     */
    PieceSelection.Source source(CheckpointInfo checkpoint, int mostFrames) throws IOException {
        SymbolicCodec codec = checkpoint.symbolicCodec();
        return new PieceSelection.Source(
                corpus(checkpoint, codec, mostFrames).on(split), codec, codec::encode, mostFrames);
    }

    private Corpus corpus(CheckpointInfo checkpoint, SymbolicCodec codec, int mostFrames) throws IOException {
        if (pieces.equals(ETUDES)) {
            checkpoint.requireCodec(Codecs.symbolic(Codecs.NOTES), "the corpus");
            return new EtudeCorpus(seed);
        }
        MidiFolderCorpus.Settings standard = MidiFolderCorpus.Settings.standard(seed);
        MidiFolderCorpus.Settings windows = new MidiFolderCorpus.Settings(
                seed, Math.min(standard.maxCodes(), mostFrames), standard.maxSeconds(), standard.heldOutPerCent());
        return new MidiFolderCorpus(Machine.locate(Path.of(pieces)), codec, windows);
    }
}
