package org.encore.evaluation.study;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.evaluation.likelihood.CodeModel;
import org.encore.evaluation.likelihood.CodeModel.Protocol;
import org.encore.evaluation.likelihood.CodeModel.TransformerCodes;
import org.encore.evaluation.profile.Profile;
import org.encore.evaluation.profile.ProfilePlan;
import org.encore.evaluation.study.Quality.CompletionMetrics;
import org.encore.model.decoding.SamplingSettings;
import org.encore.model.parallel.Completion;
import org.encore.model.parallel.ParallelGenerator;
import org.encore.model.parallel.Workspaces;
import org.encore.model.pretrained.PretrainedModel;
import org.encore.music.Piece;
import org.encore.music.codec.Clip;
import org.encore.music.codec.SymbolicCodec;
import org.encore.music.corpus.Corpus;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.text.Prompt;
import org.encore.rewards.CheckedReward;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;

/** Plan of a study: the same prompts, pieces, rewards and profiles for every checkpoint. */
public final class StudyPlan {
    private static final int BATCH = 16;

    private final RandomStreams streams;
    private final List<Prompt> prompts;
    private final CompletionMetrics composed;
    private final List<RewardModel> rewards;
    private final List<ProfilePlan> profiles;

    /**
     * Prepares a study.
     *
     * @param corpus source of the held-out prompts, and of the held-out pieces with which samples are compared
     * @param promptCount number of prompts for the referee; as many others are for the rewards
     * @param rewards rewards that are compared with the referee
     * @param profiles profiles that are compared with the referee, each with another perturbation
     */
    public StudyPlan(Corpus corpus, int promptCount, List<RewardModel> rewards, List<ProfilePlan> profiles) {
        if (promptCount < 4) {
            throw new IllegalArgumentException("prompts is " + promptCount + ", but must be at least 4");
        }
        this.streams = new RandomStreams(profiles.get(0).settings().bootstrap().seed());
        this.prompts = corpus.heldOutPrompts(2 * promptCount);
        List<CaptionedPiece> pieces = corpus.heldOut(4 * promptCount);
        this.composed = CompletionMetrics.of(
                pieces.stream().map(CaptionedPiece::prompt).toList(),
                pieces.stream().map(CaptionedPiece::piece).toList());
        this.rewards = List.copyOf(rewards);
        this.profiles = List.copyOf(profiles);
    }

    /** Metrics of composed pieces, with which samples are compared. */
    public CompletionMetrics composed() {
        return composed;
    }

    /**
     * Generates with a model, scores the completions and profiles the model.
     *
     * @param model its codec must be one of notes
     * @param workspaces buffers that the model created
     */
    public StudiedCheckpoint measure(String label, PretrainedModel model, Workspaces workspaces) {
        SymbolicCodec codec = model.symbolicCodec();
        List<Sample> samples = generate(model);
        int half = samples.size() / 2;
        List<Piece> scored = samples.subList(0, half).stream()
                .map(sample -> codec.piece(sample.codes().orElseThrow()))
                .toList();
        Map<String, double[]> scores = new LinkedHashMap<>();
        for (RewardModel reward : rewards) {
            scores.put(
                    reward.id(),
                    CheckedReward.score(reward, samples.subList(half, samples.size())).stream()
                            .mapToDouble(score -> score.abstains() ? Double.NaN : score.value())
                            .toArray());
        }
        CodeModel codes = new TransformerCodes(model, workspaces, Protocol.CORRECT);
        Map<String, Profile> measured = new LinkedHashMap<>();
        List<Profile> all = ProfilePlan.measureAll(profiles, codes);
        for (int i = 0; i < all.size(); i++) {
            measured.put(profiles.get(i).perturbation().name(), all.get(i));
        }
        return new StudiedCheckpoint(label, CompletionMetrics.of(prompts.subList(0, half), scored), scores, measured);
    }

    private List<Sample> generate(PretrainedModel model) {
        List<Sample> samples = new ArrayList<>();
        try (ParallelGenerator generator = model.generator(SamplingSettings.defaults(), BATCH)) {
            List<Completion> completions = generator.generate(
                    prompts.stream().map(Prompt::text).toList(), i -> streams.stream(Purpose.EVALUATION, i));
            for (int i = 0; i < completions.size(); i++) {
                int[][] codes = completions.get(i).codes();
                Clip clip = model.codec().decode(codes);
                samples.add(Sample.of(prompts.get(i), clip, codes));
            }
        }
        return samples;
    }

    /**
     * The measurements of a checkpoint.
     *
     * @param label its name
     * @param completions the referee's metrics of its samples
     * @param rewards scores of each reward for other samples, {@code [samples]}; NaN for abstentions
     * @param profiles profiles by perturbation
     */
    public record StudiedCheckpoint(
            String label, CompletionMetrics completions, Map<String, double[]> rewards, Map<String, Profile> profiles) {
        public StudiedCheckpoint {
            rewards = Collections.unmodifiableMap(new LinkedHashMap<>(rewards));
            profiles = Collections.unmodifiableMap(new LinkedHashMap<>(profiles));
        }
    }
}
