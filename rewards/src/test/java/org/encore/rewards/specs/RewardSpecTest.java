package org.encore.rewards.specs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.encore.base.files.InvalidFileException;
import org.encore.music.text.Attributes;
import org.encore.music.text.Attributes.TempoBand;
import org.encore.rewards.Sample;
import org.encore.rewards.TestRewards;
import org.encore.rewards.mixture.Member;
import org.encore.rewards.mixture.Mixture;
import org.encore.rewards.mixture.Mixture.OnFailure;
import org.encore.rewards.mixture.Normaliser.Bounds;
import org.encore.rewards.mixture.Normaliser.FixedRange;
import org.encore.rewards.mixture.Normaliser.Identity;
import org.encore.rewards.mixture.WeightSchedule;
import org.encore.rewards.mixture.WeightSchedule.Constant;
import org.encore.rewards.mixture.WeightSchedule.Linear;
import org.junit.jupiter.api.Test;

class RewardSpecTest {
    /** Kinds that a configuration must tell more about; each has a test of its own. */
    private static final Set<String> WITHOUT_DEFAULT =
            Set.of("preference", "java", "onnx", "service", "text-adherence", "audio-quality");

    @Test
    void everyKindHasDefaultsThatBuildARewardOfItsName() throws ReflectiveOperationException {
        Set<String> kinds = new TreeSet<>();
        Sample sample = TestRewards.sample(Attributes.NONE.with(TempoBand.FAST), TestRewards.emptyPiece());
        for (Class<?> variant : RewardSpec.class.getPermittedSubclasses()) {
            String kind = variant.getSimpleName()
                    .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                    .toLowerCase(Locale.ROOT);
            kinds.add(kind);
            RewardSpec spec = (RewardSpec) variant.getMethod("defaults").invoke(null);
            assertTrue(variant.isRecord() && variant.isInstance(spec), kind);
            assertEquals(kind, spec.id());
            if (WITHOUT_DEFAULT.contains(kind)) {
                continue;
            }
            assertEquals(
                    new Member(spec.reward(), 1.0, new Constant(), new Identity(), Bounds.defaults()), spec.member());
            assertEquals(kind, spec.reward().id());
            assertEquals(variant.getSimpleName(), spec.reward().getClass().getSimpleName());
            assertEquals(0.0, spec.reward().score(List.of(sample)).get(0).value(), 0.0);
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
                kinds);
    }

    @Test
    void preferencesNeedAModel() {
        RewardSpec spec = RewardSpec.Preference.defaults();
        assertEquals(
                "runs/preference/model: holds no preference.json, so it is no preference model",
                assertThrows(InvalidFileException.class, spec::reward)
                        .getMessage()
                        .replace('\\', '/'));
        assertEquals(1.0, spec.weight(), 0.0);
    }

    @Test
    void learnedRewardsAreLookedForWhereTheApplicationSays() {
        RewardSpec spec = RewardSpec.TextAdherence.defaults()
                .located(path -> Path.of("elsewhere").resolve(path));
        assertEquals(Path.of("elsewhere/checkpoints/rewards/adherence"), ((RewardSpec.TextAdherence) spec).model());
        assertTrue(assertThrows(InvalidFileException.class, spec::requireUsable)
                .getMessage()
                .contains("reward.json"));
        assertEquals(
                RewardSpec.Consonance.defaults(),
                RewardSpec.Consonance.defaults().located(path -> Path.of("x")));
    }

    @Test
    void opinionScoresComeFromOneToFive() {
        RewardSpec spec = RewardSpec.AudioQuality.defaults().located(path -> Path.of("elsewhere", "q"));
        assertEquals(Path.of("elsewhere/q"), ((RewardSpec.AudioQuality) spec).model());
        assertEquals(new FixedRange(1.0, 5.0), spec.normaliser());
        assertTrue(assertThrows(InvalidFileException.class, spec::requireUsable)
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
        RewardSpec spec = new RewardSpec.Length(
                "seconds", 0.5, new Linear(0, 1, 0, 10), new FixedRange(0, 2), new Bounds(0, 1), 2.0, 3.0);
        assertEquals(new org.encore.rewards.rules.Length("seconds", 2, 3), spec.reward());
        assertEquals(
                new Member(spec.reward(), 0.5, new Linear(0, 1, 0, 10), new FixedRange(0, 2), new Bounds(0, 1)),
                spec.member());
    }

    @Test
    void mixturesAreBuiltFromSpecs() {
        Mixture mixture = new MixtureSpec(
                        List.of(RewardSpec.Consonance.defaults(), RewardSpec.Length.defaults()), OnFailure.SKIP)
                .mixture();
        // A second of silence: consonance abstains, a fifth of the shortest length takes its weight as well.
        assertEquals(0.4, mixture.score(TestRewards.silence(1)).get(0).value(), 1e-12);
        assertEquals(1, MixtureSpec.defaults().rewards().size());
    }

    @Test
    void refuseWhatMakesNoSense() {
        assertRefused(
                "rewards is empty, but there must be at least one", () -> new MixtureSpec(List.of(), OnFailure.STOP));
        RewardSpec spec = RewardSpec.Length.defaults();
        assertRefused(
                "rewards has two members with the id length, but metrics must tell them apart; give one an id",
                () -> new MixtureSpec(List.of(spec, spec), OnFailure.STOP));
        assertRefused(
                "weight is -1.0, but must be at least 0 and finite",
                () -> new RewardSpec.Consonance("c", -1, new Constant(), new Identity(), Bounds.defaults()));
        assertRefused(
                "notesPerSecond is -1.0, but must be above 0 and finite",
                () -> new RewardSpec.NoteDensity("d", 1, new Constant(), new Identity(), Bounds.defaults(), -1));
        assertRefused(
                "atLeastSeconds is 2.0 and atMostSeconds is 1.0, but must satisfy 0 < atLeastSeconds <= atMostSeconds",
                () -> new RewardSpec.Length("l", 1, new Constant(), new Identity(), Bounds.defaults(), 2, 1));
        assertRefused(
                "id is \"\", but must consist of letters, digits, dots, dashes and underscores",
                () -> new RewardSpec.RuleAdherence("", 1, new Constant(), new Identity(), Bounds.defaults()));
    }

    private static void assertRefused(String message, Runnable refused) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, refused::run).getMessage());
    }
}
