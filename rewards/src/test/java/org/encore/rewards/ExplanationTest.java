package org.encore.rewards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.encore.rewards.Explanation.Origin;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private final Explanation tree = Explanation.sum(
            "total",
            List.of(
                    Explanation.product("part", Explanation.leaf(0.5, "weight"), Explanation.leaf(3.0, "score")),
                    Explanation.derived(2.0, "root of", Explanation.leaf(4.0, "square"))));

    @Test
    void sumsAndProductsFollowFromTheirDetails() {
        assertEquals(3.5, tree.value(), 1e-12);
        assertTrue(tree.addsUp(0.0));
    }

    @Test
    void aWrongNumberAnywhereIsFound() {
        Explanation wrongProduct = new Explanation(
                7.0, "part", Origin.PRODUCT, List.of(Explanation.leaf(2, "a"), Explanation.leaf(3, "b")));
        assertFalse(wrongProduct.addsUp(0.5));
        assertTrue(wrongProduct.addsUp(1.0));
        assertFalse(Explanation.derived(1.0, "deep", Explanation.sum("s", List.of(wrongProduct)))
                .addsUp(0.5));
        Explanation wrongSum = new Explanation(1.1, "s", Origin.SUM, List.of(Explanation.leaf(1, "a")));
        assertFalse(wrongSum.addsUp(0.05));
        assertFalse(Explanation.leaf(Double.NaN, "a").addsUp(1.0));
    }

    @Test
    void onlyLeavesHaveNoDetails() {
        assertEquals(
                "\"s\" is a SUM with 0 details, but a leaf has none and everything else has some",
                assertThrows(IllegalArgumentException.class, () -> Explanation.sum("s", List.of()))
                        .getMessage());
    }

    @Test
    void printsALineANumber() {
        assertEquals(
                """
                3.5000 total
                  1.5000 part
                    0.5000 weight
                    3.0000 score
                  2.0000 root of
                    4.0000 square
                """,
                tree.outline());
    }

    @Test
    void survivesJson() throws JsonProcessingException {
        ObjectMapper json = new ObjectMapper();
        String text = json.writeValueAsString(tree);
        assertEquals(tree, json.readValue(text, Explanation.class));
        assertEquals(
                "{\"value\":1.0,\"description\":\"a\",\"origin\":\"LEAF\",\"details\":[]}",
                json.writeValueAsString(Explanation.leaf(1, "a")));
    }

    @Test
    void anAbstentionHasNoValue() {
        Score abstention = Score.abstention("no notes");
        assertTrue(abstention.abstains());
        assertEquals(
                "an abstention has no value: no notes",
                assertThrows(IllegalStateException.class, abstention::value).getMessage());
        assertEquals(0.25, Score.of(0.25, "plain").value(), 0.0);
    }
}
