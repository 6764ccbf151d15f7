package org.encore.app.contest;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.encore.base.settings.Checks;

/**
 * A study: recipes trained on several seeds, each with the step that its selection chose, before judges.
 *
 * @param base the model that recipes start from and are compared with
 * @param seeds seeds of the trainings, different ones; each has a contest of its own, and all together the pooled one
 * @param recipes the recipes, in the order of their trainings
 * @param set settings that replace those of every recipe's configuration, e.g. {@code iterations=10} for a short study
 * @param judging how the models are compared; completions and judges of a seed are drawn from its seed plus that of the training
 */
public record StudySettings(
        Path base, List<Long> seeds, List<Recipe> recipes, List<String> set, ContestSettings judging) {
    /** The name of the base in tables. */
    public static final String BASE = "base";

    /** The folder of a seed's contest beside its trainings. */
    static final String CONTEST = "contest";

    /**
     * One recipe.
     *
     * @param name its name in tables and folders
     * @param config its configuration of {@code train}; with {@code bestOf} only its rewards count
     * @param from the recipe from whose chosen checkpoint of the same seed it starts, and from which its KL is then measured; the
     *     checkpoint of the configuration without one
     * @param bestOf 1 for a training; N above 1 for no training, but the best of N completions of the base by the rewards of the
     *     configuration
     * @param set settings that replace those of the configuration
     */
    public record Recipe(String name, Path config, Optional<String> from, int bestOf, List<String> set) {
        public Recipe {
            set = List.copyOf(set);
            Checks.atLeast("bestOf", bestOf, 1);
            if (name != null && (!name.matches("[\\w.+-]{1,40}") || name.equals(BASE) || name.equals(CONTEST))) {
                throw new IllegalArgumentException("name is " + name
                        + ", but may hold letters, digits, dots, plus signs, hyphens and underscores alone, and not be "
                        + BASE + " or " + CONTEST);
            }
            if (bestOf > 1 && from.isPresent()) {
                throw new IllegalArgumentException("from is " + from.get()
                        + ", but with bestOf completions are the base's: leave one of the two out");
            }
        }

        /** A training; name and configuration must be given. */
        public static Recipe defaults() {
            return new Recipe(null, null, Optional.empty(), 1, List.of());
        }

        /** Whether a model is trained. */
        boolean trains() {
            return bestOf == 1;
        }
    }

    public StudySettings {
        seeds = List.copyOf(seeds);
        recipes = List.copyOf(recipes);
        set = List.copyOf(set);
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("seeds is empty, but must hold at least one");
        }
        Set<String> before = new HashSet<>();
        for (Recipe recipe : recipes) {
            recipe.from().filter(from -> !before.contains(from)).ifPresent(from -> {
                throw new IllegalArgumentException("recipes: " + recipe.name() + " starts from " + from
                        + ", but no recipe of that name that trains stands before it");
            });
            if (recipe.trains() ? !before.add(recipe.name()) : before.contains(recipe.name())) {
                throw new IllegalArgumentException("recipes: two are called " + recipe.name());
            }
        }
        if (recipes.isEmpty()) {
            throw new IllegalArgumentException("recipes is empty, but must hold at least one");
        }
    }

    /** Three seeds of what a configuration must name. */
    public static StudySettings defaults() {
        return new StudySettings(
                Path.of("checkpoints/etudes-flawed"),
                List.of(1L, 2L, 3L),
                List.of(new Recipe("r", Path.of("configs/musicrl-r-small.yaml"), Optional.empty(), 1, List.of())),
                List.of(),
                ContestSettings.defaults());
    }
}
