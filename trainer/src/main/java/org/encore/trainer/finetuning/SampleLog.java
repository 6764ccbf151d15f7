package org.encore.trainer.finetuning;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.encore.evaluation.forensics.Confounders;
import org.encore.evaluation.forensics.SampleLine;
import org.encore.evaluation.policy.PolicyMeasures;
import org.encore.rewards.Sample;
import org.encore.rewards.mixture.Judgement;
import org.encore.rewards.mixture.MemberScores;
import org.encore.trainer.runs.MetricsLog;
import org.encore.trainer.runs.RunDirectory;

/** Writes {@code samples.jsonl}: a line for each sample of each iteration, for the forensics of rewards. */
final class SampleLog implements AutoCloseable {
    private final MetricsLog log;

    private SampleLog(MetricsLog log) {
        this.log = log;
    }

    /** Starts the file, or goes on behind {@code step} if it is above 0. */
    static SampleLog open(RunDirectory run, long step) throws IOException {
        return new SampleLog(MetricsLog.resume(run.sampleFigures(), step == 0 ? -1 : step));
    }

    /** Writes what is known about the samples of an iteration. */
    void write(long step, List<Sample> samples, Judgement judgement) throws IOException {
        Map<String, double[]> referee = PolicyMeasures.referee(samples);
        for (int i = 0; i < samples.size(); i++) {
            Map<String, Double> rewards = new LinkedHashMap<>();
            for (MemberScores member : judgement.members()) {
                if (!member.abstains(i)) {
                    rewards.put(member.id(), member.raw(i));
                }
            }
            SampleLine line = new SampleLine(step, i, rewards, Confounders.of(samples.get(i)), figuresOf(referee, i));
            log.write(step, line.fields());
        }
    }

    private static Map<String, Double> figuresOf(Map<String, double[]> columns, int sample) {
        Map<String, Double> figures = new LinkedHashMap<>();
        columns.forEach((name, values) -> {
            if (Double.isFinite(values[sample])) {
                figures.put(name, values[sample]);
            }
        });
        return figures;
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
