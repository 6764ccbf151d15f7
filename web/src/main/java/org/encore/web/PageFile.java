package org.encore.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A file of a page, read from the program.
 *
 * @param type its content type
 * @param bytes its content
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record PageFile(String type, byte[] bytes) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /** The files that all pages share, by the path that they are served at: a new map that may be added to. */
    public static Map<String, PageFile> shared() {
        Map<String, PageFile> files = new LinkedHashMap<>();
        for (String name : new String[] {"base.css", "server.js", "icon.svg"}) {
            files.put("/assets/" + name, of(PageFile.class, name));
        }
        return files;
    }

    /**
     * Reads a resource.
     *
     * @param beside a class in whose package it lies
     * @param name with one of the endings html, css, js and svg
     */
    public static PageFile of(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: it lacks " + name);
            }
            return new PageFile(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the program", e);
        }
    }
}
