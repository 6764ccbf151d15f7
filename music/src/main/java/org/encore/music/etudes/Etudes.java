package org.encore.music.etudes;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.music.Piece;
import org.encore.music.etudes.Planner.EtudePlan;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.Aspect;
import org.encore.music.text.Attributes.Density;
import org.encore.music.text.Attributes.MeterKind;
import org.encore.music.text.Attributes.Mode;
import org.encore.music.text.Attributes.Style;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.music.text.Attributes.Texture;
import org.encore.music.text.CaptionWriter;
import org.encore.music.text.CaptionWriter.Wording;
import org.encore.music.text.Prompt;

/**
 * Endless captioned pieces, each a function of the seed and its index; safe to call from several threads.
 *
 * <p>About 15 % of the combinations of style, tempo, mode, texture, density and metre are held out: no training piece has one of them with any instruments, and every held-out piece does ({@link #isHeldOut}). Held-out captions use wordings
 * that training captions never use.
 *
 * <p>A caption names three to seven attributes. Where it leaves some of the six out, pieces of training combinations often
 * fit it too: about three in four held-out captions ask for what training pieces are ({@link #isUnseen}).
 *
 * <p>Test études are for final figures: of held-out combinations too, but other pieces than the held-out ones, and never
 * with the caption of one of the first {@value #APART}.
 *
 * <p>Real captions are often wrong. With caption noise each aspect of a training caption is, with that probability, taken from another étude; held-out and tuning captions are always true. A model trained on such captions follows a phrase only as often as the captions were right: fine-tuning with a reward can improve that.
 */
public final class Etudes {
    /** The most codes of an étude, the end included. */
    public static final int MAX_CODES = Composer.MOST_CODES;

    private static final int HELD_OUT_PER_CENT = 15;

    /** The held-out captions that no test caption equals. */
    private static final int APART = 2048;

    private static final List<Aspect> COMBINED =
            List.of(Aspect.STYLE, Aspect.TEMPO, Aspect.MODE, Aspect.TEXTURE, Aspect.DENSITY, Aspect.METER);

    /** The split of an étude. */
    private enum Part {
        TRAINING(0, Wording.TRAINING),
        HELD_OUT(1, Wording.HELD_OUT),
        /** Training combinations in held-out wordings. */
        TUNING(2, Wording.HELD_OUT),
        /** As held out; other pieces. */
        TEST(3, Wording.HELD_OUT);

        /** Index of its random streams. */
        private final int stream;

        private final Wording wording;

        Part(int stream, Wording wording) {
            this.stream = stream;
            this.wording = wording;
        }
    }

    private final RandomStreams streams;
    private final double captionNoise;
    private final Composer composer = new Composer();
    private final CaptionWriter captions = new CaptionWriter();

    /** The first held-out captions; null until a test caption is asked for. */
    private volatile Set<String> developed;

    /** Études whose captions are all true. */
    public Etudes(long seed) {
        this(seed, 0.0);
    }

    /**
     * Études with caption noise.
     *
     * @param captionNoise probability that an aspect of a training caption is another étude's, in [0, 1]
     */
    public Etudes(long seed, double captionNoise) {
        if (!(captionNoise >= 0.0 && captionNoise <= 1.0)) {
            throw new IllegalArgumentException("captionNoise is " + captionNoise + ", but must lie in [0, 1]");
        }
        this.streams = new RandomStreams(seed);
        this.captionNoise = captionNoise;
    }

    /** The training étude of an index, at least 0. */
    public Etude train(long index) {
        return etude(Part.TRAINING, index);
    }

    /** The held-out étude of an index, at least 0. */
    public Etude heldOut(long index) {
        return etude(Part.HELD_OUT, index);
    }

    /** The test étude of an index, at least 0. */
    public Etude test(long index) {
        return etude(Part.TEST, index);
    }

    /** The caption of {@link #train}, without its music. */
    public Prompt trainPrompt(long index) {
        return caption(Part.TRAINING, index, plan(Part.TRAINING, index).truth());
    }

    /** The caption of {@link #heldOut}, without its music. */
    public Prompt heldOutPrompt(long index) {
        return caption(Part.HELD_OUT, index, plan(Part.HELD_OUT, index).truth());
    }

    /** The caption of {@link #test}, without its music. */
    public Prompt testPrompt(long index) {
        return caption(Part.TEST, index, plan(Part.TEST, index).truth());
    }

    /**
     * A caption in wordings that no training caption has, of a combination that is not held out: for fine-tuning on new wordings by reward alone, while {@link #heldOutPrompt} stays unseen.
     */
    public Prompt tuningPrompt(long index) {
        return caption(Part.TUNING, index, plan(Part.TUNING, index).truth());
    }

    /**
     * Whether a combination is held out: its values' names, in the order of the parameter's comment and hashed, fall in
     * the lowest 15 of 100 classes. Instruments do not count.
     *
     * @param truth mentions style, tempo, mode, texture, density and metre
     */
    public static boolean isHeldOut(Attributes truth) {
        StringBuilder combination = new StringBuilder();
        for (Aspect aspect : COMBINED) {
            combination.append(truth.valueOf(aspect)).append(' ');
        }
        long hash = combination.toString().hashCode() * 0x9E3779B97F4A7C15L;
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        return Math.floorMod(hash ^ (hash >>> 31), 100) < HELD_OUT_PER_CENT;
    }

    /**
     * Whether a combination of named attributes is new: with whatever else, it is held out, so no training piece has it, and
     * no training or tuning caption names it. Instruments do not count.
     *
     * @param named what a caption names
     */
    public static boolean isUnseen(Attributes named) {
        for (Aspect aspect : COMBINED) {
            if (!named.mentions(aspect)) {
                return completed(named, aspect).allMatch(Etudes::isUnseen);
            }
        }
        return isHeldOut(named);
    }

    private static Stream<Attributes> completed(Attributes named, Aspect aspect) {
        return switch (aspect) {
            case STYLE -> Stream.of(Style.values()).map(named::with);
            case TEMPO -> Stream.of(TempoBand.values()).map(named::with);
            case MODE -> Stream.of(Mode.values()).map(named::with);
            case TEXTURE -> Stream.of(Texture.values()).map(named::with);
            case DENSITY -> Stream.of(Density.values()).map(named::with);
            case METER -> Stream.of(MeterKind.values()).map(named::with);
            case INSTRUMENTS -> Stream.of(named);
        };
    }

    private Etude etude(Part part, long index) {
        EtudePlan plan = plan(part, index);
        return new Etude(
                caption(part, index, plan.truth()),
                plan.truth(),
                composer.compose(plan, () -> streams.stream(Purpose.COMPOSITION, part.stream, index, 1)));
    }

    private EtudePlan plan(Part part, long index) {
        RandomGenerator random = streams.stream(Purpose.COMPOSITION, part.stream, index, 0);
        EtudePlan plan;
        do {
            plan = Planner.draw(random);
        } while (isHeldOut(plan.truth()) != (part == Part.HELD_OUT || part == Part.TEST));
        return plan;
    }

    private Prompt caption(Part part, long index, Attributes truth) {
        Attributes told = part == Part.TRAINING && captionNoise > 0.0 ? noisyAttributes(index, truth) : truth;
        RandomGenerator random = streams.stream(Purpose.CAPTION, part.stream, index);
        Prompt caption = captions.write(told, part.wording, random);
        while (part == Part.TEST && developed().contains(caption.text())) {
            caption = captions.write(told, part.wording, random);
        }
        return caption;
    }

    private Set<String> developed() {
        Set<String> texts = developed;
        if (texts == null) {
            texts = LongStream.range(0, APART)
                    .mapToObj(index -> heldOutPrompt(index).text())
                    .collect(Collectors.toUnmodifiableSet());
            developed = texts;
        }
        return texts;
    }

    /** The attributes of a noisy caption: some aspects are another étude's; never a held-out combination. */
    private Attributes noisyAttributes(long index, Attributes truth) {
        RandomGenerator random = streams.stream(Purpose.CAPTION_NOISE, index);
        Attributes told;
        do {
            told = truth.with(Planner.draw(random).truth(), wrongAspects(random));
        } while (isHeldOut(told));
        return told;
    }

    private Set<Aspect> wrongAspects(RandomGenerator random) {
        Set<Aspect> wrong = EnumSet.noneOf(Aspect.class);
        for (Aspect aspect : Aspect.values()) {
            if (random.nextDouble() < captionNoise) {
                wrong.add(aspect);
            }
        }
        return wrong;
    }

    /**
     * A piece, its caption and all its attributes.
     *
     * @param prompt the caption; mentions a part of the truth
     * @param truth every attribute
     * @param piece the music
     */
    public record Etude(Prompt prompt, Attributes truth, Piece piece) {}
}
