package org.encore.app.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.encore.app.report.ChartPlan.FrontierChart;
import org.junit.jupiter.api.Test;

class LineChartTest {
    private static Curve curve(String name, Map<Long, Double> points) {
        return Curve.of(name, new TreeMap<>(points));
    }

    private static Page page(Axis.Spacing spacing, Curve... curves) throws IOException {
        Html html = new Html();
        new LineChart("a < b", List.of(curves), spacing).write(html);
        return Page.parse(html.toString());
    }

    @Test
    void placesPoints() throws IOException {
        // Steps 1 to 5 span 48 to 392 and values 0 to 2 span 184 to 10.
        Page page = page(Axis.Spacing.LINEAR, curve("x", Map.of(1L, 0.0, 3L, 2.0, 5L, 1.0)));
        assertEquals(List.of("M48 184h0L220 10L392 97"), page.texts("//*[@class='mean c0']/@d"));
        assertEquals(List.of("M48 184h0M220 10h0M392 97h0"), page.texts("//*[@class='dots c0']/@d"));
        assertEquals(List.of("x: last 1, lowest 0, highest 2"), page.texts("//*[@class='mean c0']/*"));
        assertEquals(List.of("1 0 3 2 5 1"), page.texts("//li/@data-points"));
        assertEquals(List.of("1"), page.texts("//li/span[@class='value']"));
        assertEquals(List.of("a < b "), page.texts("//figcaption"));
    }

    @Test
    void breaksAtGaps() throws IOException {
        Page page = page(Axis.Spacing.LINEAR, curve("x", Map.of(1L, 0.0, 2L, 1.0, 3L, Double.NaN, 5L, 2.0)));
        assertEquals(List.of("M48 184h0L134 97M392 10h0"), page.texts("//*[@class='mean c0']/@d"));
        assertEquals(List.of("1 0 2 1 5 2"), page.texts("//li/@data-points"));
    }

    @Test
    void sharesAxesAmongCurves() throws IOException {
        Page page = page(
                Axis.Spacing.LOGARITHMIC,
                curve("x", Map.of(1L, 0.01, 2L, 0.1)),
                curve("y", Map.of(2L, 1.0, 3L, 100.0)));
        // Powers of ten from -2 to 2: each is 43.5 high; two steps are 344 wide.
        assertEquals(List.of("M48 184h0L220 140.5"), page.texts("//*[@class='mean c0']/@d"));
        assertEquals(List.of("M220 97h0L392 10"), page.texts("//*[@class='mean c1']/@d"));
    }

    @Test
    void fallsBackToDifferencesBelowZero() throws IOException {
        Page page = page(Axis.Spacing.LOGARITHMIC, curve("x", Map.of(1L, -1.0, 2L, 1.0)));
        assertEquals(List.of("M48 184h0L392 10"), page.texts("//*[@class='mean c0']/@d"));
    }

    @Test
    void survivesACurveOfGaps() throws IOException {
        Page page = page(Axis.Spacing.LINEAR, curve("x", Map.of(1L, Double.NaN)));
        assertEquals(List.of("–"), page.texts("//li/span[@class='value']"));
        assertEquals(List.of(""), page.texts("//li/@data-points"));
    }

    @Test
    void drawsOnePointAStepOfTheFrontier() throws IOException {
        Html html = new Html();
        Curve kl = curve("kl", Map.of(1L, 0.0, 2L, 1.0, 3L, 2.0, 4L, Double.NaN));
        Curve score = curve("score", Map.of(1L, 0.0, 2L, 2.0, 4L, 1.0, 5L, 1.0));
        new FrontierChart("Score against KL", kl, score).write(html);
        Page page = Page.parse(html.toString());
        assertEquals(
                List.of("step 1: KL 0, score 0", "step 2: KL 1, score 2"),
                page.texts("//*[starts-with(@class, 'shade')]/*[local-name()='title']"));
        assertEquals(List.of("M48 184h0", "M392 10h0"), page.texts("//*[starts-with(@class, 'shade')]/@d"));
    }
}
