package org.encore.preferences.training;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.encore.base.random.RandomStreams;
import org.encore.base.random.RandomStreams.Purpose;
import org.encore.base.random.Shuffle;
import org.encore.preferences.comparisons.ComparisonSet.Comparison;

/** Groups votes into bundles that share clips, so that the network scores a clip once for many votes. */
final class Bundling {
    private final List<Comparison> votes;
    private final int mostClips;
    private final Set<Integer> remaining = new LinkedHashSet<>();
    private final Map<Integer, Set<Integer>> remainingOf = new HashMap<>();

    private Bundling(List<Comparison> votes, int mostClips) {
        this.votes = votes;
        this.mostClips = mostClips;
        for (int vote = 0; vote < votes.size(); vote++) {
            remaining.add(vote);
            remainingOf
                    .computeIfAbsent(votes.get(vote).a(), unused -> new LinkedHashSet<>())
                    .add(vote);
            remainingOf
                    .computeIfAbsent(votes.get(vote).b(), unused -> new LinkedHashSet<>())
                    .add(vote);
        }
    }

    /**
     * Groups votes; each vote is in one bundle.
     *
     * @param mostClips most clips per bundle, at least 2
     * @param frames length of every clip; votes on long clips come first, so that the clips of a bundle have similar
     *     lengths and need little padding
     */
    static List<Bundle> of(List<Comparison> comparisons, int mostClips, int[] frames) {
        List<Comparison> byLength = new ArrayList<>(comparisons);
        byLength.sort((x, y) -> Integer.compare(longer(y, frames), longer(x, frames)));
        Bundling bundling = new Bundling(byLength, mostClips);
        List<Bundle> bundles = new ArrayList<>();
        while (!bundling.remaining.isEmpty()) {
            bundles.add(bundling.next());
        }
        return bundles;
    }

    private static int longer(Comparison vote, int[] frames) {
        return Math.max(frames[vote.a()], frames[vote.b()]);
    }

    /**
     * Starts with the longest remaining vote, then adds the clip that most remaining votes compare with clips of the
     * bundle.
     */
    private Bundle next() {
        Map<Integer, Integer> places = new LinkedHashMap<>();
        while (places.size() < mostClips) {
            OptionalInt neighbour = closest(places);
            Optional<Comparison> other = neighbour.isPresent() ? Optional.empty() : longestWithoutCommonClip(places);
            if (neighbour.isPresent()) {
                places.put(neighbour.getAsInt(), places.size());
            } else if (other.isPresent() && places.size() + 2 <= mostClips) {
                places.put(other.get().a(), places.size());
                places.put(other.get().b(), places.size());
            } else {
                break;
            }
        }
        return taken(places);
    }

    /** The longest remaining vote that shares no clip with this bundle. */
    private Optional<Comparison> longestWithoutCommonClip(Map<Integer, Integer> places) {
        for (int vote : remaining) {
            // Clip a stands for both: this is called only when no remaining vote has just one clip in the bundle.
            if (!places.containsKey(votes.get(vote).a())) {
                return Optional.of(votes.get(vote));
            }
        }
        return Optional.empty();
    }

    private OptionalInt closest(Map<Integer, Integer> places) {
        Map<Integer, Integer> compared = new LinkedHashMap<>();
        for (int clip : places.keySet()) {
            for (int vote : remainingOf.get(clip)) {
                int other = votes.get(vote).a() == clip
                        ? votes.get(vote).b()
                        : votes.get(vote).a();
                if (!places.containsKey(other)) {
                    compared.merge(other, 1, Integer::sum);
                }
            }
        }
        OptionalInt closest = OptionalInt.empty();
        int most = 0;
        for (Map.Entry<Integer, Integer> entry : compared.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                closest = OptionalInt.of(entry.getKey());
            }
        }
        return closest;
    }

    private Bundle taken(Map<Integer, Integer> places) {
        Set<Integer> numbers = new LinkedHashSet<>();
        for (int clip : places.keySet()) {
            for (int vote : remainingOf.get(clip)) {
                if (places.containsKey(votes.get(vote).a())
                        && places.containsKey(votes.get(vote).b())) {
                    numbers.add(vote);
                }
            }
        }
        List<Comparison> taken = new ArrayList<>();
        for (int number : numbers) {
            Comparison vote = votes.get(number);
            taken.add(new Comparison(places.get(vote.a()), places.get(vote.b()), vote.outcome(), vote.rater()));
            remainingOf.get(vote.a()).remove(number);
            remainingOf.get(vote.b()).remove(number);
            remaining.remove(number);
        }
        return new Bundle(List.copyOf(places.keySet()), taken);
    }

    /**
     * Votes on a few clips that the network scores in one pass, each clip once.
     *
     * @param clips numbers of the clips
     * @param votes votes whose a and b are indices into {@code clips}
     */
    record Bundle(List<Integer> clips, List<Comparison> votes) {
        Bundle {
            clips = List.copyOf(clips);
            votes = List.copyOf(votes);
        }
    }

    /** Batches of bundles: each epoch contains every bundle once, in a new random order. */
    static final class BundleOrder {
        private final RandomStreams streams;
        private final List<Bundle> bundles;
        private final int perStep;
        private List<Bundle> shuffled = List.of();
        private long shuffledPass = -1;

        /**
         * Chooses the number of bundles per batch.
         *
         * @param pairs votes per batch on average, as closely as whole bundles allow
         */
        BundleOrder(RandomStreams streams, List<Bundle> bundles, int pairs) {
            this.streams = streams;
            this.bundles = List.copyOf(bundles);
            double votes =
                    bundles.stream().mapToInt(bundle -> bundle.votes().size()).sum();
            this.perStep = (int) Math.max(1, Math.round(pairs * bundles.size() / votes));
        }

        /** The batch of a step, counted from 1; a function of the step alone. */
        List<Bundle> batch(long step) {
            List<Bundle> batch = new ArrayList<>();
            for (long index = (step - 1) * perStep; index < step * perStep; index++) {
                batch.add(pass(index / bundles.size()).get((int) (index % bundles.size())));
            }
            return batch;
        }

        private List<Bundle> pass(long pass) {
            if (pass != shuffledPass) {
                List<Bundle> fresh = new ArrayList<>(bundles);
                Shuffle.inPlace(fresh, streams.stream(Purpose.DATA_ORDER, pass));
                shuffled = fresh;
                shuffledPass = pass;
            }
            return shuffled;
        }
    }
}
