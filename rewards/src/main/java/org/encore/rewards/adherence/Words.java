package org.encore.rewards.adherence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.encore.rewards.networks.Matrix;

/**
 * Captions as counts of words, in lower case and in no order; unknown words are left out.
 *
 * @param vocabulary the words, in the order of their columns
 */
record Words(List<String> vocabulary) {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    Words {
        vocabulary = List.copyOf(vocabulary);
    }

    /** All words of some captions, in alphabetical order. */
    static Words of(List<String> captions) {
        Map<String, Boolean> words = new TreeMap<>();
        captions.forEach(caption -> split(caption).forEach(word -> words.put(word, true)));
        return new Words(new ArrayList<>(words.keySet()));
    }

    private static List<String> split(String caption) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(caption.toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** Whether a caption holds a word that is known. */
    boolean know(String caption) {
        return split(caption).stream().anyMatch(vocabulary::contains);
    }

    /** A row of counts for each caption. */
    Matrix counts(List<String> captions) {
        Map<String, Integer> columns = new TreeMap<>();
        for (String word : vocabulary) {
            columns.put(word, columns.size());
        }
        Matrix counts = Matrix.zeros(captions.size(), vocabulary.size());
        for (int row = 0; row < captions.size(); row++) {
            for (String word : split(captions.get(row))) {
                Integer column = columns.get(word);
                if (column != null) {
                    counts.values()[row * vocabulary.size() + column]++;
                }
            }
        }
        return counts;
    }
}
