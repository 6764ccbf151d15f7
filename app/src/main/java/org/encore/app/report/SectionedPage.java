package org.encore.app.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A page of sections in the style of the reports, whole in one file. */
public final class SectionedPage {
    private SectionedPage() {}

    /**
     * A section of the page.
     *
     * @param id its anchor
     * @param title its heading
     * @param content writes what is below the heading
     */
    public record Part(String id, String title, Runnable content) {}

    /**
     * Puts sections together.
     *
     * @param html what the sections write into, still empty
     * @param name the title
     * @return the page
     */
    public static String of(Html html, String name, List<Part> parts) throws IOException {
        return of(html, name, () -> {}, parts);
    }

    /**
     * Puts sections together below an opening.
     *
     * @param opening writes what stands between the title and the links to the sections
     */
    static String of(Html html, String name, Runnable opening, List<Part> parts) throws IOException {
        String style = resource("report.css");
        String script = resource("report.js");
        html.verbatim("<!DOCTYPE html>\n");
        html.in(
                "html",
                () -> html.in("head", () -> head(html, name, style))
                        .in("body", () -> body(html, name, opening, parts, script)),
                "lang",
                "en",
                "xmlns",
                "http://www.w3.org/1999/xhtml");
        return html.line().toString();
    }

    private static void head(Html html, String name, String style) {
        html.empty("meta", "charset", "utf-8").line();
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        html.element("title", name + " – Encore").line();
        html.in("style", () -> html.verbatim("/*<![CDATA[*/\n" + style + "/*]]>*/"))
                .line();
    }

    private static void body(Html html, String name, Runnable opening, List<Part> parts, String script) {
        html.in("header", () -> {
            html.element("h1", name);
            opening.run();
            html.in(
                    "nav",
                    () -> parts.forEach(part -> html.element("a", part.title(), "href", "#" + part.id())
                            .text(" ")));
        });
        html.in("main", () -> parts.forEach(part -> section(html, part)));
        html.in("script", () -> html.verbatim("/*<![CDATA[*/\n" + script + "/*]]>*/"));
    }

    private static void section(Html html, Part part) {
        html.line()
                .in(
                        "section",
                        () -> {
                            html.element("h2", part.title());
                            part.content().run();
                        },
                        "id",
                        part.id());
    }

    /** A text beside this class. */
    static String resource(String name) throws IOException {
        try (InputStream in = SectionedPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the resource " + name + " is not beside " + SectionedPage.class.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
