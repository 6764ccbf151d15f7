package org.encore.rewards.trained;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured of a reward.
 *
 * @param figures for programs, in this order; values that JSON can hold
 * @param table the same for people, in Markdown
 */
public record RewardReport(Map<String, Object> figures, String table) {
    public RewardReport {
        figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
}
