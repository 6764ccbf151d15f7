package org.encore.music.text;

import java.util.Objects;

/**
 * A caption to generate music for, and what it asks for.
 *
 * @param text the caption, one line
 * @param attributes what the caption mentions, nothing else; {@link Attributes#NONE} if unknown
 */
public record Prompt(String text, Attributes attributes) {
    public Prompt {
        Objects.requireNonNull(attributes, "attributes");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text is blank, but must hold words");
        }
    }
}
