package org.encore.preferences.comparisons;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.encore.base.files.InvalidFileException;
import org.encore.base.files.Manifest;
import org.encore.base.settings.Checks;
import org.encore.preferences.Vote;
import org.encore.preferences.Vote.RatedClip;
import org.encore.preferences.comparisons.VoteFiles.Entry;

/**
 * Votes dealt to training and held-out votes that share neither prompts nor clips.
 *
 * <p>Votes that share a prompt (upper and lower case and white space aside) or a clip are one group, which stays together.
 * The hash of a group's first name decides its place in the order in which groups are held out, until they have the wanted
 * share of the votes; so the same votes are always dealt alike. A group's first name is a prompt if it has one, so that this
 * holds in every directory.
 *
 * @param train votes to train on
 * @param heldOut the others
 * @param groups number of groups
 */
public record VoteSplit(List<Entry> train, List<Entry> heldOut, int groups) {
    public VoteSplit {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }

    /**
     * Deals votes.
     *
     * @param source where they are from, for messages
     * @param share of the votes to hold out, in (0, 1), as nearly as whole groups allow; at least one group is on each side
     * @throws InvalidFileException if all votes hang together
     */
    public static VoteSplit of(Path source, List<Entry> votes, double share) {
        Checks.openInterval("share", share, 0.0, 1.0);
        Groups groups = new Groups();
        for (Entry entry : votes) {
            List<String> names = names(entry.vote());
            names.forEach(name -> groups.join(names.get(0), name));
        }
        Map<String, List<Entry>> byGroup = new LinkedHashMap<>();
        Map<String, String> first = new HashMap<>();
        for (Entry entry : votes) {
            List<String> names = names(entry.vote());
            String group = groups.of(names.get(0));
            byGroup.computeIfAbsent(group, unused -> new ArrayList<>()).add(entry);
            names.forEach(name -> first.merge(group, name, (a, b) -> a.compareTo(b) <= 0 ? a : b));
        }
        if (byGroup.size() < 2) {
            throw new InvalidFileException(
                    source,
                    "holds " + votes.size()
                            + " votes that all hang together by common prompts or clips, so none can be held"
                            + " out; learner.kind measures holds out clips by itself");
        }
        List<String> order = new ArrayList<>(byGroup.keySet());
        order.sort(Comparator.comparing(group -> Manifest.sha256(first.get(group))));
        Set<String> held = new HashSet<>();
        int count = 0;
        for (String group : order.subList(0, order.size() - 1)) {
            int size = byGroup.get(group).size();
            // The nearer of two counts; the first group is held out in any case.
            if (held.isEmpty()
                    || Math.abs(count + size - share * votes.size()) < Math.abs(count - share * votes.size())) {
                held.add(group);
                count += size;
            }
        }
        List<Entry> train = new ArrayList<>();
        List<Entry> heldOut = new ArrayList<>();
        byGroup.forEach((group, entries) -> (held.contains(group) ? heldOut : train).addAll(entries));
        return new VoteSplit(train, heldOut, byGroup.size());
    }

    /** What a vote shares with others: its prompt and its clips. */
    private static List<String> names(Vote vote) {
        List<String> names = new ArrayList<>();
        if (!vote.prompt().isBlank()) {
            names.add("prompt " + vote.prompt().strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT));
        }
        for (RatedClip side : List.of(vote.a(), vote.b())) {
            if (!side.clip().toString().isEmpty()) {
                names.add("with clip " + side.clip().normalize().toString().replace('\\', '/'));
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    "a vote names neither a prompt nor clips, so nobody can say what it shares with others");
        }
        return names;
    }

    /** Names that hang together. */
    private static final class Groups {
        private final Map<String, String> parents = new HashMap<>();

        /** The name that stands for a group. */
        String of(String name) {
            String root = name;
            while (!parents.getOrDefault(root, root).equals(root)) {
                root = parents.get(root);
            }
            String step = name;
            while (!step.equals(root)) {
                String next = parents.get(step);
                parents.put(step, root);
                step = next;
            }
            return root;
        }

        void join(String one, String other) {
            parents.put(of(other), of(one));
        }
    }
}
