package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.encore.app.runs.CodecRun;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.ExitStatus;
import org.encore.app.terminal.Results;
import org.encore.app.terminal.TerminalProgress;
import org.encore.base.files.InvalidFileException;
import org.encore.base.settings.Checks;
import org.encore.evaluation.codec.CodecEvaluation;
import org.encore.evaluation.codec.SoundDistances;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.parallel.Shards;
import org.encore.music.audio.SoundFiles;
import org.encore.music.audio.Synthesiser;
import org.encore.music.audio.WaveFiles;
import org.encore.music.audio.Waveform;
import org.encore.music.corpus.SoundFolder;
import org.encore.music.corpus.Split;
import org.encore.music.etudes.Etudes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything about neural codecs: the list of the commands below it. */
@Command(
        name = "codec",
        description = "Measures neural codecs; pretrain trains them.",
        subcommands = CodecCommand.Evaluate.class)
public final class CodecCommand extends CommandGroup {
    /** Measures a codec on sound. */
    @Command(
            name = "evaluate",
            description = "Encodes and decodes sound with a codec: SI-SDR, log-mel and log-spectral distance by"
                    + " codebooks used, perplexity of each codebook, bitrate and speed.")
    static final class Evaluate implements Callable<Integer> {
        /** Not the seed of any shipped corpus or reward. */
        private static final long SEED = 30_000_002;

        @Parameters(paramLabel = "DIR", description = "The codec: a stand-alone EnCodec, or a checkpoint with one.")
        private Path codec;

        @Option(
                names = "--audio",
                paramLabel = "FOLDER",
                description = "Sound files to measure on (default: études of a seed that nothing was trained on).")
        private Optional<Path> audio = Optional.empty();

        @Option(
                names = "--against",
                paramLabel = "FOLDER",
                description = "WAV files of the same names that another codec has decoded: one more row of the table.")
        private List<Path> others = new ArrayList<>();

        @Option(
                names = "--out",
                paramLabel = "FOLDER",
                description = "Write the clips there, as they are measured (original) and decoded.")
        private Optional<Path> out = Optional.empty();

        @Option(
                names = "--clips",
                paramLabel = "N",
                defaultValue = "48",
                description = "Most clips, in the order of their paths.")
        private int clips;

        @Option(names = "--seconds", paramLabel = "S", defaultValue = "10", description = "Most seconds of each clip.")
        private double seconds;

        @Option(
                names = "--split",
                paramLabel = "SPLIT",
                defaultValue = "test",
                description = "Which held-out études: development to choose by, test for final figures.")
        private Split split;

        @Option(names = "--shards", paramLabel = "N", defaultValue = "2", description = "Threads.")
        private int threads;

        @Mixin
        private Results results;

        @Override
        public Integer call() throws IOException {
            Checks.within("--clips", clips, 1, 100_000);
            Checks.within("--seconds", seconds, 0.1, 3600.0);
            Checks.within("--shards", threads, 1, 1024);
            Path directory = Machine.locate(codec);
            if (!EncodecModel.isIn(directory)) {
                throw new InvalidFileException(directory, "holds no neural codec");
            }
            if (!others.isEmpty() && audio.isEmpty()) {
                throw new IllegalArgumentException(
                        "--against compares files of the same names, so the originals are needed: name their folder with --audio");
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            StringBuilder table = new StringBuilder();
            try (Shards shards = Machine.shards(threads);
                    TerminalProgress progress = new TerminalProgress()) {
                EncodecModel model = EncodecModel.load(directory, shards.kernels(0));
                List<NamedSound> sound = sound(model.config().sampleRate());
                CodecEvaluation.Report report = CodecEvaluation.of(
                        model,
                        shards,
                        sound.stream().map(NamedSound::sound).toList(),
                        progress,
                        (clip, original, decoded) -> write(sound.get(clip).name(), original, decoded));
                facts.put("codec", codec.toString());
                facts.put(
                        "sound",
                        audio.map(Path::toString)
                                .orElse("etudes " + split.name().toLowerCase(Locale.ROOT)));
                facts.put("shards", threads);
                facts.putAll(CodecRun.facts(report));
                table.append(CodecRun.table(report));
                Map<String, Object> compared = new LinkedHashMap<>();
                for (Path other : others) {
                    SoundDistances distances =
                            against(other, sound, model.config().sampleRate());
                    compared.put(other.toString(), CodecRun.facts(distances));
                    table.append(CodecRun.row(String.valueOf(other.getFileName()), distances))
                            .append(System.lineSeparator());
                }
                facts.put("against", compared);
            }
            results.print(facts, table.toString().stripTrailing());
            return ExitStatus.OK;
        }

        /** A clip and the name of its file. */
        private record NamedSound(String name, Waveform sound) {}

        private void write(String name, Waveform original, Waveform decoded) throws IOException {
            if (out.isPresent()) {
                WaveFiles.write(out.get().resolve("original").resolve(name), original);
                WaveFiles.write(out.get().resolve("decoded").resolve(name), decoded);
            }
        }

        /** The same distances of what another codec has decoded. */
        private SoundDistances against(Path folder, List<NamedSound> sound, int rate) throws IOException {
            List<SoundDistances> found = new ArrayList<>();
            for (NamedSound clip : sound) {
                Waveform original = CodecEvaluation.mono(clip.sound(), rate);
                Waveform decoded = CodecEvaluation.mono(SoundFiles.read(folder.resolve(clip.name())), rate);
                found.add(SoundDistances.of(original, CodecEvaluation.asLongAs(original, decoded)));
            }
            return SoundDistances.mean(found);
        }

        private List<NamedSound> sound(int sampleRate) throws IOException {
            List<NamedSound> found = new ArrayList<>();
            if (audio.isPresent()) {
                for (Path file : SoundFolder.files(audio.get())) {
                    if (found.size() < clips) {
                        String name = audio.get().relativize(file).toString().replaceFirst("\\.[^.]*$", ".wav");
                        found.add(new NamedSound(name, beginning(SoundFiles.read(file))));
                    }
                }
                if (found.isEmpty()) {
                    throw new InvalidFileException(
                            audio.get(), "holds no sound files (" + String.join(", ", SoundFiles.ENDINGS) + ")");
                }
                return found;
            }
            Etudes etudes = new Etudes(SEED);
            Synthesiser synthesiser =
                    new Synthesiser(Synthesiser.Settings.standard().withSampleRate(sampleRate));
            for (int i = 0; i < clips; i++) {
                Etudes.Etude etude = split == Split.TEST ? etudes.test(i) : etudes.heldOut(i);
                String name = String.format(Locale.ROOT, "%03d.wav", i);
                found.add(new NamedSound(name, beginning(synthesiser.render(etude.piece()))));
            }
            return found;
        }

        private Waveform beginning(Waveform sound) {
            int most = (int) Math.min(sound.samples().length, Math.ceil(seconds * sound.sampleRate()));
            return new Waveform(Arrays.copyOf(sound.samples(), most), sound.sampleRate());
        }
    }
}
