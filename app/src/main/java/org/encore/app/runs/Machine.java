package org.encore.app.runs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.Synthesiser;
import org.encore.music.codec.AudioCodec;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.codec.notes.NoteCodec;
import org.encore.music.codec.voices.VoiceCodec;
import org.encore.trainer.data.CorpusSource;

/** What this machine computes with, and where things lie on it. */
public final class Machine {
    private static final String HOME = "encore.home";

    private Machine() {}

    /** Opens shards on the kernels of this machine. */
    public static Shards shards(int count) {
        KernelChoice choice = kernels();
        return Shards.of(count, choice::open);
    }

    /** The kernels of this machine: the fastest that run here, unless {@value KernelChoice#PROPERTY} says otherwise. */
    public static KernelChoice kernels() {
        return KernelChoice.best(Precision.SINGLE);
    }

    /** The codec that ships. */
    public static NoteCodec codec() {
        return new NoteCodec(new Synthesiser(Synthesiser.Settings.standard()));
    }

    /** The codec that a corpus is written in. */
    public static SymbolicCodec codec(CorpusSource corpus) {
        return corpus.codec(new Synthesiser(Synthesiser.Settings.standard()));
    }

    /** Every codec that can be made audible. */
    public static List<AudioCodec> codecs() {
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard());
        return List.of(new NoteCodec(synthesiser), new VoiceCodec(synthesiser));
    }

    /** Where Encore lies: the directory of its launcher. */
    public static Path home() {
        return Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
    }

    /** A path as given, or, if nothing is there, the same path below Encore's own directory, if something is there. */
    public static Path locate(Path path) {
        Path shipped = home().resolve(path);
        return Files.exists(path) || !Files.exists(shipped) ? path : shipped;
    }
}
