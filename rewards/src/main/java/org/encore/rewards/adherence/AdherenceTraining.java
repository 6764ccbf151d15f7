package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.encore.music.audio.Synthesiser;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.etudes.Etude;
import org.encore.music.etudes.Etudes;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.music.text.Attributes;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.rewards.adherence.TrainingBatch.Lesson;
import org.encore.rewards.hearing.Hearing;
import org.encore.rewards.networks.Matrix;
import org.encore.rewards.trained.LearningProgress;
import org.encore.rewards.trained.TrainedReward;

/** Trains both towers on études: what the composer meant is the truth, the analysers of the referee are not asked. */
public final class AdherenceTraining {
    /** Études heard between two reports. */
    private static final int HEARD_AT_ONCE = 50;

    private static final int REPORT_EVERY = 20;
    private static final int CAPTIONS_FOR_WORDS = 4000;
    private static final double MEAN_DECAY = 0.9;
    private static final double SQUARE_DECAY = 0.999;

    private final AdherenceLearning learning;
    private final LearningProgress progress;
    private final RandomStreams streams;
    private final CaptionWriter captions = new CaptionWriter();
    private double logScale;
    private double gradientMean;
    private double gradientSquare;

    public AdherenceTraining(AdherenceLearning learning, LearningProgress progress) {
        this.learning = learning;
        this.progress = progress;
        this.streams = new RandomStreams(learning.seed());
        this.logScale = Math.log(learning.scale());
    }

    /** Trains from nothing. */
    public TrainedReward run() {
        List<Lesson> lessons = lessons();
        Towers towers = new Towers(TowerSettings.of(learning.hearing(), words(lessons)));
        towers.network().initialise(streams.stream(Purpose.INITIALISATION));
        double sum = 0.0;
        for (int step = 0; step < learning.steps(); step++) {
            sum += step(towers, lessons, step);
            if ((step + 1) % REPORT_EVERY == 0 || step + 1 == learning.steps()) {
                String loss = String.format(Locale.ROOT, "loss %.3f", sum / (step % REPORT_EVERY + 1));
                progress.step("learning", step + 1, learning.steps(), loss);
                sum = 0.0;
            }
        }
        return new TrainedReward(
                AdherenceKind.NAME,
                "Does a clip sound as its caption says?",
                towers.settings(),
                provenance(),
                towers.network().weights());
    }

    private List<Lesson> lessons() {
        Etudes etudes = new Etudes(learning.seed());
        Hearing hearing = new Hearing(learning.hearing());
        // At the rate it is heard at: half the cost of rendering, and no difference in what is heard below 4 kHz.
        Synthesiser synthesiser = new Synthesiser(Synthesiser.Settings.standard()
                .withSampleRate(learning.hearing().timbre().sampleRate()));
        Lesson[] lessons = new Lesson[learning.etudes()];
        for (int from = 0; from < lessons.length; from += HEARD_AT_ONCE) {
            int to = Math.min(lessons.length, from + HEARD_AT_ONCE);
            IntStream.range(from, to).parallel().forEach(i -> {
                Etude etude = etudes.train(i);
                lessons[i] = new Lesson(etude.truth(), hearing.hear(synthesiser.render(etude.piece())));
            });
            progress.step("listening", to, lessons.length, "");
        }
        return Arrays.asList(lessons);
    }

    private Words words(List<Lesson> lessons) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < CAPTIONS_FOR_WORDS; i++) {
            Attributes truth = lessons.get(i % lessons.size()).truth();
            texts.add(captions.write(truth, Wording.TRAINING, streams.stream(Purpose.CAPTION, 0, i))
                    .text());
        }
        return Words.of(texts);
    }

    private double step(Towers towers, List<Lesson> lessons, int step) {
        RandomGenerator random = streams.stream(Purpose.DATA_ORDER, step);
        TrainingBatch batch = new TrainingBatch(captions, streams, step);
        for (int i = 0; i < learning.batch(); i++) {
            batch.add(lessons.get(random.nextInt(lessons.size())), random);
        }
        List<Matrix> outputs = towers.network().forward(towers.inputs(batch.windows(), batch.texts()));
        ContrastiveLoss loss = new ContrastiveLoss(outputs.get(0), outputs.get(1), batch.competes(), logScale);
        if (!Double.isFinite(loss.loss())) {
            throw new ArithmeticException("the loss of step " + step + " is " + loss.loss()
                    + ": lower the learning rate (now " + learning.learningRate() + ")");
        }
        towers.network().backward(List.of(loss.byAudio(), loss.byText()));
        towers.network().update(learning.learningRate(step));
        updateScale(loss.byLogScale(), step);
        return loss.loss();
    }

    /** A step of Adam, as the networks have it. */
    private void updateScale(double gradient, int step) {
        gradientMean = MEAN_DECAY * gradientMean + (1.0 - MEAN_DECAY) * gradient;
        gradientSquare = SQUARE_DECAY * gradientSquare + (1.0 - SQUARE_DECAY) * gradient * gradient;
        double mean = gradientMean / (1.0 - Math.pow(MEAN_DECAY, step + 1));
        double square = gradientSquare / (1.0 - Math.pow(SQUARE_DECAY, step + 1));
        double moved = logScale - learning.learningRate(step) * mean / (Math.sqrt(square) + 1e-8);
        logScale = Math.min(Math.log(ContrastiveLoss.LARGEST_SCALE), Math.max(0.0, moved));
    }

    private Map<String, Object> provenance() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("corpus", new EtudeCorpus(learning.seed()).fingerprint());
        facts.put("etudes", learning.etudes());
        facts.put("steps", learning.steps());
        facts.put("batch", learning.batch());
        facts.put("seed", learning.seed());
        facts.put("learned_scale_of_cosines", String.format(Locale.ROOT, "%.2f", Math.exp(logScale)));
        return facts;
    }
}
