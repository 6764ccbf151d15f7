package org.encore.preferences.listening.clips;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.encore.music.files.InvalidFileException;

/**
 * Two takes to be compared.
 *
 * @param match number of the two systems
 * @param prompt what both were made for; empty if nothing is known
 * @param a of the system that the configuration names first
 * @param b of the other
 */
public record Pairing(int match, String prompt, Take a, Take b) {
    /**
     * Pairs every two systems' takes of the same key.
     *
     * @param takes of each system, by key
     * @throws InvalidFileException if two takes of a key were made for different prompts
     */
    public static List<Pairing> of(List<? extends SortedMap<String, Take>> takes) {
        List<Pairing> pairings = new ArrayList<>();
        for (int i = 0; i < takes.size(); i++) {
            for (int j = i + 1; j < takes.size(); j++) {
                int match = i * takes.size() + j;
                for (Map.Entry<String, Take> entry : takes.get(i).entrySet()) {
                    Take other = takes.get(j).get(entry.getKey());
                    if (other != null) {
                        pairings.add(of(match, entry.getValue(), other));
                    }
                }
            }
        }
        return pairings;
    }

    private static Pairing of(int match, Take a, Take b) {
        if (!a.prompt().isEmpty() && !b.prompt().isEmpty() && !a.prompt().equals(b.prompt())) {
            throw new InvalidFileException(
                    b.file(),
                    "was made for \"" + b.prompt() + "\", but " + a.file() + " for \"" + a.prompt()
                            + "\": files of the same name are compared, so they must answer the same prompt");
        }
        return new Pairing(match, a.prompt().isEmpty() ? b.prompt() : a.prompt(), a, b);
    }
}
