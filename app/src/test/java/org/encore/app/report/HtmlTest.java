package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class HtmlTest {
    private final Html html = new Html();

    @Test
    void nestsElements() {
        html.in("p", () -> html.text("a").element("b", "c", "id", "d").empty("br"), "class", "e");
        assertEquals("<p class=\"e\">a<b id=\"d\">c</b><br/></p>", html.toString());
    }

    @Test
    void escapesTextAndAttributes() {
        html.element("p", "<b> & 'c'", "title", "\"><script>");
        assertEquals("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &#39;c&#39;</p>", html.toString());
    }

    @Test
    void replacesWhatIsNoCharacter() {
        // A control character, a lone surrogate, a non-character; a note outside the basic plane stays.
        html.text("a\u0000b\u0085c\uD800d\uFFFEe\n\uD834\uDD1E");
        assertEquals("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\n\uD834\uDD1E", html.toString());
    }

    @Test
    void wantsAValueForEveryAttribute() {
        assertEquals(
                "<p> has an attribute without a value",
                assertThrows(IllegalArgumentException.class, () -> html.empty("p", "class"))
                        .getMessage());
    }
}
