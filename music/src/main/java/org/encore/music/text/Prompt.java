package org.encore.music.text;

import java.util.Objects;

/**
 * A wish for music: the words, and what they ask for.
 *
 * @param text the caption, one line
 * @param attributes what the caption mentions, nothing else; {@link Attributes#NONE} when nobody knows
 */
public record Prompt(String text, Attributes attributes) {
    public Prompt {
        Objects.requireNonNull(attributes, "attributes");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text is blank, but must hold words");
        }
    }
}
