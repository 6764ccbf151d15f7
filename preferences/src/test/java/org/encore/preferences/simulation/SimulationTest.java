package org.encore.preferences.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.encore.music.corpus.Corpus.CaptionedPiece;
import org.encore.music.corpus.EtudeCorpus;
import org.encore.music.midi.MidiFiles;
import org.encore.preferences.Vote;
import org.encore.preferences.comparisons.VoteFiles;
import org.encore.preferences.simulation.ClipTable.SimulatedClip;
import org.encore.preferences.simulation.Population.Role;
import org.encore.preferences.simulation.SimulationSettings.Pairing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulationTest {
    @TempDir
    private Path directory;

    /** Four études for each of ten prompts, in turn by two systems. */
    private static List<SimulatedClip> clips() {
        EtudeCorpus corpus = new EtudeCorpus(1);
        List<SimulatedClip> clips = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            CaptionedPiece etude = corpus.train(i);
            clips.add(new SimulatedClip(corpus.trainPrompt(i / 4), i / 4, i % 2 == 0 ? "one" : "two", etude.piece()));
        }
        return clips;
    }

    private static SimulationSettings settings(Role role, double agreement, Pairing pairing) {
        SimulationSettings defaults = SimulationSettings.defaults();
        SimulationSettings.Clips clips = new SimulationSettings.Clips(
                List.of(Path.of("one"), Path.of("two")),
                new SimulationSettings.Prompts(SimulationSettings.Part.TRAINING, 0, 10, 1),
                2,
                List.of(1.0),
                64);
        return new SimulationSettings(
                1,
                clips,
                new Population.Settings(6, defaults.population().weights(), 0.3),
                role,
                new SimulationSettings.Votes(600, agreement, 0.2, 0.3, pairing),
                Optional.empty());
    }

    private static List<Vote> votes(Path file) throws IOException {
        return VoteFiles.read(file).stream().map(VoteFiles.Entry::vote).toList();
    }

    @Test
    void votesFollowTheMeanTasteAsOftenAsAsked() throws IOException {
        SimulationSettings settings = settings(Role.LISTENERS, 0.75, Pairing.WITHIN);
        Simulation.Result result = new Simulation(settings, clips(), Optional.empty()).write(directory);
        assertEquals(0.75, result.agreement(), 1e-6);
        assertEquals(600, result.train() + result.heldOut());
        assertTrue(result.ties() > 30 && result.ties() < 150, result.toString());
        // The same seed says the same.
        Path again = directory.resolve("again");
        new Simulation(settings, clips(), Optional.empty()).write(again);
        assertEquals(
                Files.readString(directory.resolve(Simulation.TRAIN)),
                Files.readString(again.resolve(Simulation.TRAIN)));
        assertEquals(Scale.read(directory.resolve(Scale.FILE)), Scale.read(again.resolve(Scale.FILE)));
    }

    @Test
    void everyPromptComesBeforeEveryRater() throws IOException {
        new Simulation(settings(Role.LISTENERS, 0.75, Pairing.WITHIN), clips(), Optional.empty()).write(directory);
        Map<String, Set<String>> raters = new HashMap<>();
        for (String file : List.of(Simulation.TRAIN, Simulation.HELD_OUT)) {
            votes(directory.resolve(file))
                    .forEach(vote -> raters.computeIfAbsent(vote.prompt(), unused -> new HashSet<>())
                            .add(vote.rater()));
        }
        assertTrue(raters.size() > 1, raters.toString());
        raters.forEach((prompt, heard) -> assertEquals(6, heard.size(), prompt));
    }

    @Test
    void noPromptAndNoClipIsOnBothSidesOfTheSplit() throws IOException {
        new Simulation(settings(Role.LISTENERS, 0.75, Pairing.WITHIN), clips(), Optional.empty()).write(directory);
        List<Vote> train = votes(directory.resolve(Simulation.TRAIN));
        List<Vote> heldOut = votes(directory.resolve(Simulation.HELD_OUT));
        assertTrue(!train.isEmpty() && !heldOut.isEmpty(), train.size() + " and " + heldOut.size());
        Set<Path> learned = new HashSet<>();
        Set<String> prompts = new HashSet<>();
        train.forEach(vote -> {
            learned.addAll(List.of(vote.a().clip(), vote.b().clip()));
            prompts.add(vote.prompt());
        });
        for (Vote vote : heldOut) {
            assertTrue(
                    !learned.contains(vote.a().clip())
                            && !learned.contains(vote.b().clip()),
                    vote.toString());
            assertTrue(!prompts.contains(vote.prompt()), vote.toString());
        }
        assertEquals(
                clips().get(0).piece().notes().size(),
                MidiFiles.read(directory.resolve("clips/000000.mid")).notes().size());
    }

    @Test
    void judgesAreOtherRatersOnTheSameScale() throws IOException {
        new Simulation(settings(Role.LISTENERS, 0.75, Pairing.WITHIN), clips(), Optional.empty())
                .write(directory.resolve("listeners"));
        Scale scale = Scale.read(directory.resolve("listeners").resolve(Scale.FILE));
        new Simulation(settings(Role.JUDGES, 0.75, Pairing.ACROSS), clips(), Optional.of(scale))
                .write(directory.resolve("judges"));
        assertEquals(scale, Scale.read(directory.resolve("judges").resolve(Scale.FILE)));
        Map<String, Integer> raters = new HashMap<>();
        for (String role : List.of("listeners", "judges")) {
            for (Vote vote : votes(directory.resolve(role).resolve(Simulation.TRAIN))) {
                raters.merge(vote.rater(), 1, Integer::sum);
                assertTrue(role.equals("listeners")
                        || !vote.a().system().equals(vote.b().system()));
            }
        }
        assertEquals(12, raters.size(), raters.toString());
    }

    @Test
    void anAgreementThatCannotBeReachedIsRefused() {
        SimulationSettings settings = settings(Role.LISTENERS, 0.999, Pairing.WITHIN);
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> new Simulation(settings, clips(), Optional.empty()));
        assertTrue(thrown.getMessage().startsWith("agreement is 0.999, but raters with tastes so different"));
    }
}
