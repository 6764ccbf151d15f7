package org.encore.app.report.markup;

/**
 * Collects markup that is both HTML and XML; what is written as text is escaped.
 *
 * <p>Attributes follow a tag as alternating names and values.
 */
public final class Html {
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder markup = new StringBuilder();

    /** Writes an element with what {@code content} writes inside. */
    public Html in(String tag, Runnable content, String... attributes) {
        start(tag, attributes);
        markup.append('>');
        content.run();
        markup.append("</").append(tag).append('>');
        return this;
    }

    /** Writes an element that holds only text. */
    public Html element(String tag, String text, String... attributes) {
        return in(tag, () -> text(text), attributes);
    }

    /** Writes an element without content: an element of SVG, or one that HTML knows as void. */
    public Html empty(String tag, String... attributes) {
        start(tag, attributes);
        markup.append("/>");
        return this;
    }

    /** Writes text. */
    public Html text(String text) {
        escape(text);
        return this;
    }

    /** Breaks the line of the markup, for those who read its source. */
    public Html line() {
        markup.append('\n');
        return this;
    }

    /** Writes markup as it is: our own style sheet or script. */
    public Html verbatim(String ownMarkup) {
        markup.append(ownMarkup);
        return this;
    }

    @Override
    public String toString() {
        return markup.toString();
    }

    private void start(String tag, String... attributes) {
        if (attributes.length % 2 != 0) {
            throw new IllegalArgumentException("<" + tag + "> has an attribute without a value");
        }
        markup.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            markup.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1]);
            markup.append('"');
        }
    }

    private void escape(String text) {
        text.codePoints().forEach(point -> {
            switch (point) {
                case '<' -> markup.append("&lt;");
                case '>' -> markup.append("&gt;");
                case '&' -> markup.append("&amp;");
                case '"' -> markup.append("&quot;");
                case '\'' -> markup.append("&#39;");
                default -> markup.appendCodePoint(isCharacter(point) ? point : REPLACEMENT);
            }
        });
    }

    /** The characters of XML 1.0, section 2.2, without control characters, which HTML does not permit either. */
    private static boolean isCharacter(int point) {
        return point == '\t'
                || point == '\n'
                || (point >= 0x20 && point < 0x7F)
                || (point > 0x9F && point < Character.MIN_SURROGATE)
                || (point > Character.MAX_SURROGATE && (point & 0xFFFE) != 0xFFFE);
    }
}
