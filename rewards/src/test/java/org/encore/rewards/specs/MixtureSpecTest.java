package org.encore.rewards.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.rewards.RewardModel;
import org.encore.rewards.Sample;
import org.encore.rewards.TestRewards;
import org.encore.rewards.adherence.TextAdherence;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.Member;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.RewardSpec;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.mixture.WeightSchedule.Linear;
import org.encore.rewards.quality.AudioQuality;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RewardKinds.TrainingSpec;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.rewards.specs.RuleReward.Length;
import org.encore.rewards.specs.RuleReward.NamedRule;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.rewards.specs.RuleReward.RuleAdherence;
import org.encore.rewards.trained.RewardKind.RewardTraining;
import org.junit.jupiter.api.Test;

class MixtureSpecTest {
    /** Kinds that a configuration must tell more about; each has a test of its own. */
    private static final Set<String> WITHOUT_DEFAULT =
            Set.of("preference", "java", "onnx", "service", "text-adherence", "audio-quality");

    @Test
    void everyKindHasDefaultsThatBuildARewardOfItsName() throws ReflectiveOperationException {
        Sample sample = TestRewards.sample(Attributes.NONE.with(TempoBand.FAST), TestRewards.emptyPiece());
        for (Map.Entry<String, Class<? extends Record>> kind :
                RewardEntry.kinds().entrySet()) {
            String name = kind.getKey();
            Class<?> type = kind.getValue();
            assertEquals(
                    name,
                    type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT));
            RewardSpec spec = (RewardSpec) type.getMethod("defaults").invoke(null);
            assertTrue(type.isInstance(spec), name);
            RewardEntry entry = RewardEntry.defaults(spec);
            assertEquals(name, entry.id());
            if (WITHOUT_DEFAULT.contains(name)) {
                continue;
            }
            RewardModel reward = spec.reward(name);
            assertEquals(new Member(reward, 1.0, new Constant(), new Identity(), Bounds.defaults()), entry.member());
            assertEquals(name, reward.id());
            assertEquals(new NamedRule(name, (RuleReward) spec), reward);
            assertEquals(0.0, reward.score(List.of(sample)).get(0).value(), 0.0);
        }
        assertEquals(
                Set.of(
                        "rule-adherence",
                        "consonance",
                        "note-density",
                        "length",
                        "preference",
                        "java",
                        "onnx",
                        "service",
                        "text-adherence",
                        "audio-quality"),
                RewardEntry.kinds().keySet());
    }

    @Test
    void everyRuleHasAName() {
        for (Class<?> rule : RuleReward.class.getPermittedSubclasses()) {
            assertTrue(RewardEntry.kinds().containsValue(rule), rule.getSimpleName());
        }
    }

    @Test
    void learnedRewardsAreTrainedUnderTheNameTheyAreUsedBy() throws ReflectiveOperationException {
        assertEquals(
                Set.of("text-adherence", "audio-quality"), TrainingSpec.kinds().keySet());
        for (Map.Entry<String, Class<? extends Record>> kind :
                TrainingSpec.kinds().entrySet()) {
            RewardTraining training =
                    (RewardTraining) kind.getValue().getMethod("defaults").invoke(null);
            assertEquals(kind.getKey(), training.kind().name());
            assertEquals(RewardEntry.kinds().get(kind.getKey()), training.kind().getClass());
        }
    }

    @Test
    void preferencesNeedAModel() {
        RewardEntry entry = RewardEntry.defaults(Preference.defaults());
        assertEquals(
                "runs/preference/model: holds no preference.json, so it is no preference model",
                assertThrows(InvalidFileException.class, entry::member)
                        .getMessage()
                        .replace('\\', '/'));
        assertEquals(1.0, entry.weight(), 0.0);
    }

    @Test
    void learnedRewardsAreLookedForWhereTheApplicationSays() {
        RewardEntry entry = RewardEntry.defaults(TextAdherence.defaults())
                .located(path -> Path.of("elsewhere").resolve(path));
        assertEquals(new TextAdherence(Path.of("elsewhere/checkpoints/rewards/adherence")), entry.reward());
        assertTrue(assertThrows(InvalidFileException.class, entry::requireUsable)
                .getMessage()
                .contains("reward.json"));
        RewardEntry consonance = RewardEntry.defaults(Consonance.defaults());
        assertEquals(consonance, consonance.located(path -> Path.of("x")));
    }

    @Test
    void opinionScoresComeFromOneToFive() {
        RewardEntry entry = RewardEntry.defaults(AudioQuality.defaults()).located(path -> Path.of("elsewhere", "q"));
        assertEquals(new AudioQuality(Path.of("elsewhere/q")), entry.reward());
        assertEquals(new FixedRange(1.0, 5.0), entry.normaliser());
        assertTrue(assertThrows(InvalidFileException.class, entry::requireUsable)
                .getMessage()
                .contains("reward.json"));
    }

    @Test
    void everyScheduleHasDefaults() throws ReflectiveOperationException {
        assertEquals(2, WeightSchedule.class.getPermittedSubclasses().length);
        for (Class<?> variant : WeightSchedule.class.getPermittedSubclasses()) {
            assertTrue(variant.isInstance(variant.getMethod("defaults").invoke(null)));
        }
    }

    @Test
    void settingsReachTheReward() {
        RewardEntry entry = new RewardEntry(
                "seconds", 0.5, new Linear(0, 1, 0, 10), new FixedRange(0, 2), new Bounds(0, 1), new Length(2.0, 3.0));
        assertEquals(
                new Member(
                        new NamedRule("seconds", new Length(2, 3)),
                        0.5,
                        new Linear(0, 1, 0, 10),
                        new FixedRange(0, 2),
                        new Bounds(0, 1)),
                entry.member());
    }

    @Test
    void mixturesAreBuiltFromSpecs() {
        Mixture mixture = new MixtureSpec(
                        List.of(RewardEntry.defaults(Consonance.defaults()), RewardEntry.defaults(Length.defaults())),
                        OnFailure.SKIP)
                .mixture();
        // A second of silence: consonance abstains, a fifth of the shortest length takes its weight as well.
        assertEquals(0.4, mixture.score(TestRewards.silence(1)).get(0).value(), 1e-12);
        assertEquals(1, MixtureSpec.defaults().rewards().size());
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertRefused(
                "rewards is empty, but there must be at least one", () -> new MixtureSpec(List.of(), OnFailure.STOP));
        RewardEntry length = RewardEntry.defaults(Length.defaults());
        assertRefused(
                "rewards has two members with the id length, but metrics must tell them apart; give one an id",
                () -> new MixtureSpec(List.of(length, length), OnFailure.STOP));
        assertRefused("weight is -1.0, but must be at least 0 and finite", () -> entry("c", -1, new Consonance()));
        assertRefused("notesPerSecond is -1.0, but must be above 0 and finite", () -> new NoteDensity(-1));
        assertRefused(
                "atLeastSeconds is 2.0 and atMostSeconds is 1.0, but must satisfy 0 < atLeastSeconds <= atMostSeconds",
                () -> new Length(2, 1));
        assertRefused(
                "id is \"\", but must consist of letters, digits, dots, dashes and underscores",
                () -> entry("", 1, new RuleAdherence()));
        assertRefused(
                "model is blank, but must be the directory of a preference model; preferences train makes one",
                () -> new Preference(Path.of(" ")));
    }

    private static RewardEntry entry(String id, double weight, RewardSpec reward) {
        return new RewardEntry(id, weight, new Constant(), new Identity(), Bounds.defaults(), reward);
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
