package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.encore.music.random.RandomStreams;
import org.encore.music.random.RandomStreams.Purpose;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;
import org.encore.rewards.hearing.Heard;

/** Windows with true captions, and for each of these captions one that is wrong in one aspect, for every aspect. */
final class TrainingBatch {
    /** What is heard of a piece, and what is true of it. */
    record Lesson(Attributes truth, Heard.Clip heard) {}

    private final CaptionWriter captions;
    private final RandomStreams streams;
    private final long step;
    private final List<Heard> windows = new ArrayList<>();
    private final List<Attributes> truths = new ArrayList<>();
    private final List<Prompt> right = new ArrayList<>();
    private final List<Prompt> wrong = new ArrayList<>();

    TrainingBatch(CaptionWriter captions, RandomStreams streams, long step) {
        this.captions = captions;
        this.streams = streams;
        this.step = step;
    }

    /** Adds a window of a piece with a caption that mentions some of what is true of it. */
    void add(Lesson lesson, RandomGenerator random) {
        List<Heard> all = lesson.heard().windows();
        windows.add(all.get(random.nextInt(all.size())));
        truths.add(lesson.truth());
        Prompt told = captions.write(
                lesson.truth(), Wording.TRAINING, streams.stream(Purpose.CAPTION, 1, step, right.size()));
        right.add(told);
        for (Aspect aspect : told.attributes().mentioned()) {
            Attributes contradiction = Contradiction.of(told.attributes(), aspect, random);
            wrong.add(captions.writeAll(
                    contradiction, Wording.TRAINING, streams.stream(Purpose.CAPTION, 2, step, wrong.size())));
        }
    }

    /** The windows. */
    List<Heard> windows() {
        return windows;
    }

    /** A true caption for each window, in their order, then all wrong ones. */
    List<String> texts() {
        return prompts().stream().map(Prompt::text).toList();
    }

    private List<Prompt> prompts() {
        List<Prompt> prompts = new ArrayList<>(right);
        prompts.addAll(wrong);
        return prompts;
    }

    /**
     * Whether a caption is wrong for a window.
     *
     * @shape result {@code [windows][captions]}
     */
    boolean[][] competes() {
        List<Prompt> prompts = prompts();
        boolean[][] competes = new boolean[windows.size()][prompts.size()];
        for (int i = 0; i < windows.size(); i++) {
            for (int j = 0; j < prompts.size(); j++) {
                competes[i][j] = !Contradiction.isTrue(prompts.get(j).attributes(), truths.get(i));
            }
        }
        return competes;
    }
}
