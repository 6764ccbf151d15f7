package org.encore.app.runs;

import java.nio.file.Files;
import java.nio.file.Path;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.SymbolicCodec;
import org.encore.trainer.pretraining.CorpusSource;

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

    /** The codec that the pieces of a corpus are written in. */
    public static SymbolicCodec codec(CorpusSource corpus) {
        return Codecs.symbolic(corpus.codec());
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
