package org.encore.app.runs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.encore.model.kernels.KernelChoice;
import org.encore.model.kernels.Kernels.Precision;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.Codecs;
import org.encore.music.codec.AudioCodec;
import org.encore.trainer.pretraining.CorpusSource;
import org.encore.trainer.pretraining.PretrainSettings;

/** The kernels and the paths of this machine. */
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

    /** The codec of a corpus; of one that has none, that of the model in a directory. */
    public static AudioCodec codec(CorpusSource corpus, Optional<Path> model, Shards shards) throws IOException {
        Optional<String> name = corpus.codec();
        return name.isPresent()
                ? Codecs.symbolic(name.get())
                : CheckpointInfo.of(model.orElseThrow()).openCodec(shards);
    }

    /** The codec of a model that is trained from scratch: that of its corpus, or the codec of sound that it names. */
    public static AudioCodec codec(PretrainSettings settings, Optional<Path> base, Shards shards) throws IOException {
        Optional<Path> sound = settings.model().codec();
        return base.isEmpty() && sound.isPresent()
                ? Codecs.sound(locate(sound.get()), shards)
                : codec(settings.corpus(), base, shards);
    }

    /** The directory of the launcher of Encore. */
    public static Path home() {
        return Path.of(System.getProperty(HOME, ".")).toAbsolutePath().normalize();
    }

    /** Finds a path: as given, or, if it does not exist, in the directory of Encore. */
    public static Path locate(Path path) {
        Path shipped = home().resolve(path);
        return Files.exists(path) || !Files.exists(shipped) ? path : shipped;
    }

    /** A word as a shell reads it. */
    public static String quoted(String word) {
        return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
