package org.encore.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.StreamSupport;
import org.encore.statistics.Agreement.Distance;
import org.encore.statistics.BradleyTerry.Game;
import org.encore.statistics.Significance.SignedRank;
import org.junit.jupiter.api.Test;

/** Against SciPy and R: {@code golden.json}, made by {@code golden.py} beside it. */
class GoldenTest {
    private static JsonNode golden(String name) {
        try (InputStream in = GoldenTest.class.getResourceAsStream("golden.json")) {
            return new ObjectMapper().readTree(in).required(name);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    @Test
    void signedRanks() {
        JsonNode samples = golden("wilcoxon");
        assertEquals(5, samples.size());
        samples.forEach(sample -> {
            SignedRank test = SignedRank.of(doubles(sample.required("differences")));
            assertEquals(sample.required("statistic").doubleValue(), test.statistic(), 1e-9);
            assertEquals(sample.required("p").doubleValue(), test.p(), 1e-9);
        });
    }

    @Test
    void correctionOfSeveralTests() {
        JsonNode holm = golden("holm");
        List<Double> corrected = Significance.holm(
                Arrays.stream(doubles(holm.required("p"))).boxed().toList());
        double[] expected = doubles(holm.required("corrected"));
        assertEquals(expected.length, corrected.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], corrected.get(i), 1e-12);
        }
        // One that was not tested does not count.
        assertEquals(0.02, Significance.holm(List.of(0.01, Double.NaN, 0.02)).get(0), 1e-12);
        assertTrue(Significance.holm(List.of(0.01, Double.NaN, 0.02)).get(1).isNaN());
    }

    @Test
    void strengths() {
        JsonNode davidson = golden("davidson");
        List<Game> games = new ArrayList<>();
        for (JsonNode table : davidson.required("tables")) {
            int first = table.get(0).intValue();
            int second = table.get(1).intValue();
            games.addAll(Collections.nCopies(table.get(2).intValue(), new Game(first, second, 1)));
            games.addAll(Collections.nCopies(table.get(3).intValue(), new Game(second, first, 1)));
            games.addAll(Collections.nCopies(table.get(4).intValue(), new Game(first, second, 0)));
        }
        Davidson fit = Davidson.fit(4, games);
        double[] expected = doubles(davidson.required("strengths"));
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], fit.strengths().get(i), 1e-5);
        }
        assertEquals(davidson.required("tie").doubleValue(), fit.tie(), 1e-5);
    }

    @Test
    void agreementWithMissingValues() {
        JsonNode data = golden("krippendorff");
        List<List<Double>> units = new ArrayList<>();
        for (int unit = 0; unit < data.required("raters").get(0).size(); unit++) {
            List<Double> values = new ArrayList<>();
            for (JsonNode rater : data.required("raters")) {
                if (!rater.get(unit).isNull()) {
                    values.add(rater.get(unit).doubleValue());
                }
            }
            units.add(values);
        }
        double nominal = Agreement.krippendorffAlpha(units, Distance.NOMINAL);
        double interval = Agreement.krippendorffAlpha(units, Distance.INTERVAL);
        assertEquals(data.required("nominal").doubleValue(), nominal, 1e-12);
        assertEquals(data.required("interval").doubleValue(), interval, 1e-12);
        // As published.
        assertEquals(0.743, nominal, 5e-4);
        assertEquals(0.849, interval, 5e-4);
    }

    @Test
    void percentilesOfABootstrap() {
        JsonNode data = golden("bootstrap");
        Interval interval = Interval.ofReplicates(0.0, doubles(data.required("replicates")));
        double[] percentiles = doubles(data.required("percentiles"));
        assertEquals(percentiles[0], interval.low(), 1e-12);
        assertEquals(percentiles[1], interval.high(), 1e-12);
        double[] ends = doubles(data.required("mean_interval"));
        Interval mean = new Bootstrap(100_000, 1).mean(doubles(data.required("sample")));
        // The ends of two bootstraps of 100,000 replicates differ by about half a per cent of the width.
        assertEquals(ends[0], mean.low(), 0.01 * (ends[1] - ends[0]));
        assertEquals(ends[1], mean.high(), 0.01 * (ends[1] - ends[0]));
    }
}
