package org.encore.trainer.finetuning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.rewards.specs.RuleReward.Consonance;
import org.encore.rewards.specs.RuleReward.NoteDensity;
import org.encore.rewards.specs.RuleReward.RuleAdherence;
import org.encore.run.MetricCatalogue.Better;
import org.encore.trainer.RunFiles;
import org.encore.trainer.finetuning.CheckpointChoice.Selection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The step that is kept: the best of the evaluations within the limit of KL, whatever interrupts the run. */
class CheckpointChoiceTest {
    private static final int STEPS = 6;
    private static final Selection RULE = new Selection("consonance", 6, 100.0, 0, false);

    @TempDir
    private static Path world;

    private static Path whole;
    private static FineTuning.Result result;

    @TempDir
    private Path run;

    private static Plan plan() {
        return new Plan().steps(STEPS).chosen(2, RULE).checkpointEvery(3);
    }

    @BeforeAll
    static void once() throws IOException {
        whole = world.resolve("run");
        result = Rehearsal.whole(plan(), whole);
    }

    private static CheckpointChoice after(Selection rule, Better better, double... valuesAndKls) {
        CheckpointChoice choice = CheckpointChoice.NONE;
        for (int i = 0; i < valuesAndKls.length; i += 2) {
            choice = choice.after(i / 2 + 1, Map.of("consonance", valuesAndKls[i]), valuesAndKls[i + 1], rule, better);
        }
        return choice;
    }

    @Test
    void theBestWithinTheLimitIsChosenAndTheEarlierOfTwoEqual() {
        Selection rule = new Selection("consonance", 8, 0.1, 3, false);
        CheckpointChoice choice = after(rule, Better.HIGHER, 0.5, 0.01, 0.7, 0.05, 0.7, 0.06, 0.9, 0.2);
        assertEquals(new CheckpointChoice(2, 0.7, 0.05, 2, 1), choice);
        assertFalse(choice.isExhausted(rule));
        assertTrue(choice.after(5, Map.of("consonance", 0.6), 0.07, rule, Better.HIGHER)
                .isExhausted(rule));
        assertEquals(1, after(rule, Better.LOWER, 0.5, 0.01, 0.7, 0.05).step());
        assertEquals(0, after(rule, Better.HIGHER, 0.5, 0.2).step());
        assertTrue(after(rule, Better.HIGHER, 0.5, 0.2)
                .reason(rule, Better.HIGHER, 0.4, 1)
                .startsWith("no step"));
    }

    @Test
    void whatTheRunTrainsOnDoesNotChoose() {
        List<RewardEntry> rewards =
                List.of(RewardEntry.defaults(RuleAdherence.defaults()), RewardEntry.defaults(Consonance.defaults()));
        for (String metric : List.of("adherence", "consonance", "rule-adherence", "rewards/consonance")) {
            Selection rule = new Selection(metric, 8, 1.0, 0, false);
            String said = assertThrows(IllegalArgumentException.class, () -> rule.better(rewards))
                    .getMessage();
            assertTrue(said.contains("the run trains on it"), said);
            assertEquals(Better.HIGHER, new Selection(metric, 8, 1.0, 0, true).better(rewards));
        }
        assertEquals(Better.LOWER, new Selection("empty_beats", 8, 1.0, 0, false).better(rewards));
        for (String unknown : List.of("adherance", "seconds", "held_out/adherence")) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Selection(unknown, 8, 1.0, 0, false).better(rewards),
                    unknown);
        }
        RewardEntry witness = RewardEntry.defaults(NoteDensity.defaults());
        RewardEntry silent = new RewardEntry(
                "witness", 0.0, witness.schedule(), witness.normaliser(), witness.clip(), witness.reward());
        assertEquals(Better.HIGHER, new Selection("witness", 8, 1.0, 0, false).better(List.of(witness, silent)));
    }

    @Test
    void severalMetricsChooseByTheirMean() {
        Selection both = new Selection("consonance+in_key", 8, 1.0, 0, false);
        assertEquals(0.6, both.of(Map.of("consonance", 0.4, "in_key", 0.8)), 1e-12);
        assertEquals(Better.HIGHER, both.better(List.of()));
        assertThrows(IllegalArgumentException.class, () -> both.of(Map.of("consonance", 0.4)));
        assertThrows(IllegalArgumentException.class, () -> new Selection("consonance+empty_beats", 8, 1.0, 0, false)
                .better(List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> both.better(List.of(RewardEntry.defaults(Consonance.defaults()))));
    }

    @Test
    void theChosenModelIsThatOfItsStepAndSaysWhy() throws IOException {
        FineTuning.Chosen chosen = result.chosen().orElseThrow();
        List<Map<String, Object>> points = RunFiles.metrics(whole).stream()
                .filter(line -> line.containsKey("held_out/consonance") && number(line, "step") > 0)
                .toList();
        assertEquals(3, points.size());
        double best = points.stream()
                .mapToDouble(line -> number(line, "held_out/consonance"))
                .max()
                .orElseThrow();
        double at = points.stream()
                .filter(line -> number(line, "held_out/consonance") == best)
                .mapToDouble(line -> number(line, "step"))
                .findFirst()
                .orElseThrow();
        assertEquals(at, (double) chosen.step());
        assertEquals(4, chosen.evaluations());
        JsonNode why = new ObjectMapper()
                .readTree(whole.resolve("checkpoints/chosen.json").toFile());
        assertEquals(chosen.step(), why.path("step").asLong());
        assertEquals(chosen.reason(), why.path("reason").asText());
        assertEquals(STEPS, why.path("evaluated_up_to").asInt());
        Path model = chosen.checkpoint().orElseThrow();
        assertEquals(
                CheckpointInfo.of(plan().checkpoint()).config(),
                CheckpointInfo.of(model).config());
        if (chosen.step() % 3 == 0) {
            assertEquals(
                    RunFiles.digests(whole.resolve("checkpoints/step-" + chosen.step()))
                            .get("model.safetensors"),
                    RunFiles.digests(model).get("model.safetensors"));
        }
    }

    private static double number(Map<String, Object> line, String name) {
        return ((Number) line.get(name)).doubleValue();
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 5})
    void aResumedRunChoosesLikeAnUninterruptedOne(long interruptedAfter) throws IOException {
        Rehearsal.interrupted(interruptedAfter, plan(), run);
        Rehearsal.resumed(plan(), run);
        assertEquals(RunFiles.digests(whole.resolve("checkpoints")), RunFiles.digests(run.resolve("checkpoints")));
        assertEquals(RunFiles.digests(whole.resolve("evaluations")), RunFiles.digests(run.resolve("evaluations")));
        assertEquals(RunFiles.timelessMetrics(whole), RunFiles.timelessMetrics(run));
    }

    @Test
    void evaluationsChangeNothingOfTheTraining() throws IOException {
        Rehearsal.whole(new Plan().steps(STEPS).checkpointEvery(3), run);
        Map<String, String> plain = RunFiles.digests(run.resolve("checkpoints/step-6"));
        Map<String, String> evaluated = RunFiles.digests(whole.resolve("checkpoints/step-6"));
        for (String file : List.of("model.safetensors", "optimizer/second_moment.safetensors")) {
            assertEquals(plain.get(file), evaluated.get(file), file);
        }
    }

    @Test
    void patienceEndsTheRun() throws IOException {
        // With this limit no step can be chosen, so that every evaluation is a miss.
        Selection strict = new Selection("consonance", 4, 1e-6, 2, false);
        FineTuning.Result short2 = Rehearsal.whole(plan().chosen(1, strict), run);
        assertEquals(2, short2.iterations());
        assertEquals(0, short2.chosen().orElseThrow().step());
        assertTrue(short2.chosen().orElseThrow().checkpoint().isEmpty());
    }
}
