package org.encore.app.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.encore.app.runs.Machine;
import org.encore.app.terminal.Results;
import org.encore.model.encodec.EncodecConfig;
import org.encore.model.memory.MemoryBudget.MemoryLimits;
import org.encore.model.memory.MemoryPlan;
import org.encore.model.memory.MemoryPlan.Item;
import org.encore.model.memory.MemoryPlan.Place;
import org.encore.model.parallel.Shards;
import org.encore.model.pretrained.CheckpointInfo;
import org.encore.model.pretrained.RandomMusicGen.Size;
import org.encore.model.transformer.Activations.ActivationCheckpointing;
import org.encore.model.transformer.ModelConfig;
import org.encore.trainer.finetuning.FineTuneMemory;
import org.encore.trainer.finetuning.FineTuneSettings;
import org.encore.trainer.planning.IterationCost;
import org.encore.trainer.planning.MachineRates;

/** What a fine-tuning run would take, in memory and in time, from the sizes in {@code config.json} alone. */
final class DryRun {
    private static final double MEGABYTE = 1e6;
    private static final double MINUTE = 60.0;
    /** What a process has beside its tensors and caches: Java, libraries, networks of rewards, what a heap holds meanwhile. */
    private static final Item PROCESS = new Item("Java and libraries", Place.OFF_HEAP, 480_000_000L);

    private final FineTuneSettings settings;
    private final CheckpointInfo checkpoint;
    private final MemoryLimits limits = MemoryLimits.ofThisMachine();

    private DryRun(FineTuneSettings settings, CheckpointInfo checkpoint) {
        this.settings = settings;
        this.checkpoint = checkpoint;
    }

    /**
     * One model under the settings of the run.
     *
     * @param name for the head of its column
     * @param memory its parts
     * @param seconds of an iteration, by phase
     * @param evaluations seconds of both
     * @param problem why it cannot run here; empty if it can
     */
    private record Column(
            String name, MemoryPlan memory, Map<String, Double> seconds, double evaluations, Optional<String> problem) {
        double iteration() {
            return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        Map<String, Object> facts() {
            Map<String, Object> parts = new LinkedHashMap<>();
            memory.items().forEach(item -> parts.merge(item.name(), item.bytes(), (a, b) -> (Long) a + (Long) b));
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("model", name);
            facts.put("bytes", parts);
            facts.put("total_bytes", memory.bytes(Place.OFF_HEAP) + memory.bytes(Place.HEAP));
            facts.put("heap_bytes", memory.bytes(Place.HEAP));
            facts.put("seconds_of_an_iteration", seconds);
            facts.put("seconds_of_both_evaluations", evaluations);
            problem.ifPresent(why -> facts.put("problem", why));
            return facts;
        }
    }

    /**
     * Prints the plan of a run.
     *
     * @throws IllegalArgumentException if the run does not fit into memory; the message names what would
     */
    static void print(FineTuneSettings settings, Path base, Results results) throws IOException {
        new DryRun(settings, CheckpointInfo.of(base)).print(results);
    }

    private void print(Results results) throws IOException {
        Optional<EncodecConfig> codec = checkpoint.neuralCodec();
        // Refused before anything is measured.
        new FineTuneMemory(settings, checkpoint.config(), codec).storage(limits);
        List<Column> columns = new ArrayList<>();
        try (Shards shards = Machine.shards(settings.compute().shards())) {
            MachineRates rates = MachineRates.measure(settings, checkpoint.config(), shards);
            columns.add(column("this", checkpoint.config(), codec, rates));
            if (codec.isPresent()) {
                int channels = checkpoint.config().decoder().audioChannels();
                ModelConfig smallest = Size.SMALL.config(Size.SMALL.layers(), channels);
                // Rates of a much narrower model say nothing about the published ones.
                boolean narrow = checkpoint.config().decoder().width()
                        < smallest.decoder().width();
                MachineRates published = narrow ? MachineRates.measure(settings, smallest, shards) : rates;
                for (Size size : List.of(Size.SMALL, Size.MEDIUM, Size.LARGE)) {
                    ModelConfig config = size.config(size.layers(), channels);
                    columns.add(
                            column(size.name().toLowerCase(Locale.ROOT), config, Optional.of(size.codec()), published));
                }
            }
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("iterations", settings.iterations());
            facts.put("models", columns.stream().map(Column::facts).toList());
            facts.put("gflops_forward", rates.forward() / 1e9);
            facts.put("generation_gigabytes_a_second", rates.decodingBytes() / 1e9);
            results.print(facts, text(columns, rates));
        }
    }

    private Column column(String name, ModelConfig config, Optional<EncodecConfig> codec, MachineRates rates) {
        FineTuneMemory memory = new FineTuneMemory(settings, config, codec);
        ActivationCheckpointing storage = ActivationCheckpointing.RECOMPUTED;
        Optional<String> problem = Optional.empty();
        try {
            storage = memory.storage(limits);
        } catch (IllegalArgumentException refused) {
            problem = Optional.of(refused.getMessage());
        }
        IterationCost cost = new IterationCost(settings, config, codec, storage);
        return new Column(name, whole(memory.plan(storage)), cost.iteration(rates), cost.evaluations(rates), problem);
    }

    /** With what no limit of tensors or heap counts. */
    private static MemoryPlan whole(MemoryPlan plan) {
        List<Item> items = new ArrayList<>(plan.items());
        items.add(PROCESS);
        return new MemoryPlan(items);
    }

    private String text(List<Column> columns, MachineRates rates) {
        StringBuilder text = new StringBuilder();
        row(text, "memory, MB", columns.stream().map(Column::name).toList());
        List<String> names = columns.stream()
                .flatMap(column -> column.memory().items().stream())
                .map(Item::name)
                .distinct()
                .toList();
        for (String name : names) {
            row(
                    text,
                    "  " + name,
                    columns.stream().map(column -> megabytes(column, name)).toList());
        }
        row(text, "  in all", columns.stream().map(DryRun::megabytes).toList());
        row(
                text,
                "  of it in the Java heap",
                columns.stream()
                        .map(column -> shown(column.memory().bytes(Place.HEAP) / MEGABYTE))
                        .toList());
        row(text, "minutes of an iteration", List.of());
        for (String phase : columns.get(0).seconds().keySet()) {
            row(
                    text,
                    "  " + phase,
                    columns.stream()
                            .map(column -> minutes(column.seconds().get(phase)))
                            .toList());
        }
        row(
                text,
                "  in all",
                columns.stream().map(each -> minutes(each.iteration())).toList());
        row(
                text,
                "minutes of both evaluations",
                columns.stream().map(each -> minutes(each.evaluations())).toList());
        Column own = columns.get(0);
        double hours = (settings.iterations() * own.iteration() + own.evaluations()) / MINUTE / MINUTE;
        text.append(String.format(
                Locale.ROOT,
                "%d iterations of %d samples take about %.1f hours here, and what the rewards compute.%n",
                settings.iterations(),
                settings.rollout().samples(),
                hours));
        text.append(String.format(
                Locale.ROOT,
                "measured on this machine: %.0f GFLOP/s in blocks of this width, %.1f GB/s a shard in generation%n",
                rates.forward() / 1e9,
                rates.decodingBytes() / 1e9));
        columns.forEach(column -> column.problem()
                .ifPresent(why ->
                        text.append(column.name()).append(": ").append(why).append(System.lineSeparator())));
        text.append("nothing was loaded and nothing was written");
        return text.toString();
    }

    private static void row(StringBuilder text, String name, List<String> cells) {
        text.append(String.format(Locale.ROOT, "%-30s", name));
        cells.forEach(cell -> text.append(String.format(Locale.ROOT, "%10s", cell)));
        text.append(System.lineSeparator());
    }

    private static String megabytes(Column column, String name) {
        long bytes = column.memory().items().stream()
                .filter(item -> item.name().equals(name))
                .mapToLong(Item::bytes)
                .sum();
        return shown(bytes / MEGABYTE);
    }

    private static String megabytes(Column column) {
        return shown((column.memory().bytes(Place.OFF_HEAP) + column.memory().bytes(Place.HEAP)) / MEGABYTE);
    }

    private static String shown(double megabytes) {
        return String.format(Locale.ROOT, "%,.0f", megabytes);
    }

    private static String minutes(double seconds) {
        return String.format(Locale.ROOT, "%.2f", seconds / MINUTE);
    }
}
