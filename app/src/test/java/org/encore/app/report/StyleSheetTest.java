package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Contrast as WCAG 2.2 defines it: 4.5 for text, 3 for drawings. */
class StyleSheetTest {
    private static final Pattern ROOT = Pattern.compile(":root \\{(.*?)\\}", Pattern.DOTALL);
    private static final Pattern COLOUR = Pattern.compile("--(\\w+): #([0-9a-f]{6});");

    /** The colours of the light theme, then those of the dark one. */
    private static List<Map<String, Integer>> themes() throws IOException {
        List<Map<String, Integer>> themes = new ArrayList<>();
        try (InputStream in = RunReport.class.getResourceAsStream("report.css")) {
            Matcher root = ROOT.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            while (root.find()) {
                Map<String, Integer> theme = new TreeMap<>();
                Matcher colour = COLOUR.matcher(root.group(1));
                while (colour.find()) {
                    theme.put(colour.group(1), Integer.parseInt(colour.group(2), 16));
                }
                themes.add(theme);
            }
        }
        return themes;
    }

    private static double luminance(int colour) {
        return 0.2126 * linear(colour >> 16 & 0xFF)
                + 0.7152 * linear(colour >> 8 & 0xFF)
                + 0.0722 * linear(colour & 0xFF);
    }

    private static double linear(int eightBits) {
        double part = eightBits / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
    }

    private static double contrast(int one, int other) {
        double bright = Math.max(luminance(one), luminance(other));
        double dark = Math.min(luminance(one), luminance(other));
        return (bright + 0.05) / (dark + 0.05);
    }

    @Test
    void measuresBlackOnWhite() {
        assertEquals(21.0, contrast(0x000000, 0xFFFFFF), 1e-9);
    }

    @Test
    void everyColourCanBeSeenOnBothGrounds() throws IOException {
        List<Map<String, Integer>> themes = themes();
        assertEquals(2, themes.size());
        for (Map<String, Integer> theme : themes) {
            assertEquals(17, theme.size());
            for (String ground : List.of("page", "card")) {
                theme.forEach((name, colour) -> {
                    double least = name.matches("c\\d+") ? 3.0 : name.matches("ink|soft|accent") ? 4.5 : 1.0;
                    double contrast = contrast(colour, theme.get(ground));
                    assertTrue(contrast >= least, name + " on " + ground + ": " + contrast);
                });
            }
        }
    }
}
