package org.encore.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Kills the executor of the first task of the first stage of rollouts, and that of the first of gradients of the policy. */
public final class Killer extends SparkListener {
    /** What was going on at each death. */
    static final List<String> KILLED = new CopyOnWriteArrayList<>();

    private static final long INTO_THE_TASK_MS = 30;

    private final Map<Integer, String> phases = new HashMap<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
        String phase = submitted.properties().getProperty("spark.job.description", "");
        if (List.of("rollouts", "policy").contains(phase)) {
            phases.put(submitted.stageInfo().stageId(), phase);
        }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        String phase = phases.get(start.stageId());
        if (phase == null || KILLED.contains(phase)) {
            return;
        }
        Optional<ProcessHandle> executor = ProcessHandle.current()
                .descendants()
                .filter(each -> arguments(each)
                        .contains("--executor-id\0" + start.taskInfo().executorId() + "\0"))
                .findFirst();
        try {
            TimeUnit.MILLISECONDS.sleep(INTO_THE_TASK_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (executor.isPresent() && executor.get().destroyForcibly()) {
            KILLED.add(phase);
        }
    }

    /** All of them; Java itself reads no more than a page. */
    private static String arguments(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
