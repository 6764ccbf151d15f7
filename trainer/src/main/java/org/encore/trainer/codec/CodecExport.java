package org.encore.trainer.codec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.encore.base.files.AtomicFiles;
import org.encore.evaluation.codec.CodecEvaluation;
import org.encore.model.encodec.EncodecCodec;
import org.encore.model.encodec.EncodecModel;
import org.encore.model.encodec.training.CodebookLearning;
import org.encore.model.encodec.training.CodecDirectory;
import org.encore.model.encodec.training.CodecDirectory.Form;
import org.encore.model.parallel.Shards;
import org.encore.music.codec.Clip;
import org.encore.music.codec.ClipFiles;
import org.encore.music.corpus.Split;
import org.encore.run.TrainingLoop.RunContext;
import org.encore.trainer.codec.ClipPool.HeldOut;

/** Writes a trained codec to the directory of its run: the model, its card with measured figures, samples. */
final class CodecExport {
    private final CodecSettings settings;
    private final RunContext run;
    private final Shards shards;
    private final ClipPool pool;

    CodecExport(CodecSettings settings, RunContext run, Shards shards, ClipPool pool) {
        this.settings = settings;
        this.run = run;
        this.shards = shards;
        this.pool = pool;
    }

    /** Writes the model, opens what was written, measures that and writes its card and samples. */
    CodecTraining.Result write(
            long step, EncodecModel model, CodebookLearning codebooks, Map<String, String> data, String command)
            throws IOException {
        Path target = run.directory().path().resolve("model");
        AtomicFiles.writeDirectory(
                target,
                directory -> CodecDirectory.write(directory, model, codebooks, shards.kernels(0), Form.WEIGHT_NORM));
        EncodecModel written = EncodecModel.load(target, shards.kernels(0));
        CodecSettings.Evaluation wanted = settings.evaluation();
        Split split = Split.TEST;
        List<HeldOut> clips = pool.heldOut(split, wanted.finalClips(), wanted.finalSeconds());
        if (clips.isEmpty()) {
            split = Split.DEVELOPMENT;
            clips = pool.heldOut(split, wanted.finalClips(), wanted.finalSeconds());
        }
        CodecEvaluation.Report report = CodecEvaluation.of(
                written, shards, clips.stream().map(HeldOut::sound).toList(), run.progress());
        String card = CodecCard.of(settings, data, pool.seconds(), step, split, report, command);
        AtomicFiles.write(target.resolve("README.md"), card.getBytes(StandardCharsets.UTF_8));
        writeSamples(step, written, pool.heldOut(Split.DEVELOPMENT, wanted.samples(), wanted.finalSeconds()));
        return new CodecTraining.Result(
                step, report, split, target, run.directory().checkpoint(step));
    }

    /** Each recording as it was and as it is decoded, one after the other. */
    private void writeSamples(long step, EncodecModel written, List<HeldOut> recordings) throws IOException {
        // Not closed: that would close the shards, which are the caller's.
        EncodecCodec codec = new EncodecCodec(written, shards, 1);
        for (int i = 0; i < recordings.size(); i++) {
            HeldOut recording = recordings.get(i);
            sample(step, 2 * i, recording.name() + " (original)", Clip.of(recording::sound));
            sample(step, 2 * i + 1, recording.name() + " (decoded)", codec.decode(codec.encode(recording.sound())));
        }
    }

    private void sample(long step, int index, String name, Clip clip) throws IOException {
        ClipFiles.write(
                run.directory().samples(step),
                String.format(Locale.ROOT, "%03d", index),
                clip,
                0.0,
                name,
                Map.of("step", step));
    }
}
