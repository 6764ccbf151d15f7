package org.encore.app.contest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.encore.app.contest.Contest.Measure;
import org.encore.app.contest.Study.SeedResult;
import org.encore.app.report.StudyPage;
import org.encore.app.report.StudyPage.Judged;
import org.encore.preferences.statistics.JudgementMatrix;
import org.encore.rewards.specs.MixtureSpec.RewardEntry;
import org.encore.run.RunDirectory;
import org.encore.statistics.Interval;

/** Brings the results of a study to its page. */
final class StudyPages {
    private StudyPages() {}

    static void write(
            Path page,
            StudySettings settings,
            List<SeedResult> done,
            JudgementMatrix pooled,
            LongFunction<Map<String, RunDirectory>> runs)
            throws IOException {
        Map<Long, JudgementMatrix> bySeed = new LinkedHashMap<>();
        Map<String, List<RunDirectory>> byRecipe = new LinkedHashMap<>();
        for (SeedResult each : done) {
            bySeed.put(each.seed(), each.matrix());
            runs.apply(each.seed())
                    .forEach((recipe, run) -> byRecipe.computeIfAbsent(recipe, unused -> new ArrayList<>())
                            .add(run));
        }
        Map<String, Map<String, Double>> values = new LinkedHashMap<>();
        Map<String, Map<String, Interval>> changes = new LinkedHashMap<>();
        for (String model : done.get(0).metrics().keySet()) {
            Map<String, Double> own = new LinkedHashMap<>();
            Map<String, Interval> range = new LinkedHashMap<>();
            for (String metric : done.get(0).metrics().get(model).keySet()) {
                List<Measure> measures = done.stream()
                        .map(each -> each.metrics().get(model).get(metric))
                        .filter(each -> each != null)
                        .toList();
                own.put(
                        metric,
                        measures.stream().mapToDouble(Measure::value).average().orElse(Double.NaN));
                range.put(metric, range(measures));
            }
            values.put(model, own);
            changes.put(model, range);
        }
        Map<String, Path> folders = new LinkedHashMap<>();
        if (settings.judging().players() > 0) {
            Path contest = page.resolveSibling("seed-" + done.get(0).seed()).resolve(StudySettings.CONTEST);
            values.keySet().forEach(model -> folders.put(model, Contest.clips(contest, model)));
        }
        StudyPage.write(
                page,
                ContestPages.judges(settings.judging()) + " Seeds of the trainings: " + bySeed.keySet() + " of "
                        + settings.seeds() + ".",
                new Judged(pooled, bySeed),
                values,
                changes,
                byRecipe,
                told(settings),
                folders);
    }

    /** The mean change over seeds, between the lowest and the highest; of one seed its own interval. */
    private static Interval range(List<Measure> measures) {
        if (measures.size() == 1) {
            return measures.get(0).change();
        }
        return new Interval(
                measures.stream()
                        .mapToDouble(each -> each.change().value())
                        .average()
                        .orElse(Double.NaN),
                measures.stream()
                        .mapToDouble(each -> each.change().value())
                        .min()
                        .orElse(Double.NaN),
                measures.stream()
                        .mapToDouble(each -> each.change().value())
                        .max()
                        .orElse(Double.NaN));
    }

    /** What is drawn against KL: the referee's adherence, and every reward. */
    private static List<String> told(StudySettings settings) {
        Set<String> names = new LinkedHashSet<>(List.of("adherence", "consonance"));
        settings.judging().rewards().stream().map(RewardEntry::id).forEach(names::add);
        return List.copyOf(names);
    }
}
