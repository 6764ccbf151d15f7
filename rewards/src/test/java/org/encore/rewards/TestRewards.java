package org.encore.rewards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.encore.music.Meter;
import org.encore.music.Piece;
import org.encore.music.audio.Waveform;
import org.encore.music.codec.Clip;
import org.encore.music.text.Attributes;
import org.encore.music.text.Prompt;

/** Rewards whose scores a test decides. */
public final class TestRewards {
    private TestRewards() {}

    /** Returns these values in order; NaN is returned as it is, null as an abstention. */
    public static RewardModel fixed(String id, Double... values) {
        return of(id, batch -> {
            List<Score> scores = new ArrayList<>();
            for (Double value : values) {
                scores.add(value == null ? Score.abstention("nothing to say") : Score.of(value, "fixed"));
            }
            return scores;
        });
    }

    /** Returns what the function does. */
    public static RewardModel of(String id, Function<List<Sample>, List<Score>> scores) {
        return new RewardModel() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public List<Score> score(List<Sample> batch) {
                return scores.apply(batch);
            }
        };
    }

    /** A batch of samples that hold a second of silence. */
    public static List<Sample> silence(int count) {
        Sample[] batch = new Sample[count];
        Arrays.fill(batch, Sample.of(prompt(Attributes.NONE), Clip.of(new Waveform(new float[100], 100))));
        return List.of(batch);
    }

    /** A sample that asks for something and holds a piece. */
    public static Sample sample(Attributes asked, Piece piece) {
        return Sample.of(prompt(asked), Clip.of(piece, () -> new Waveform(new float[100], 100)));
    }

    /** A piece without a note. */
    public static Piece emptyPiece() {
        return new Piece(120, Meter.FOUR_FOUR, List.of());
    }

    private static Prompt prompt(Attributes attributes) {
        return new Prompt("music", attributes);
    }
}
