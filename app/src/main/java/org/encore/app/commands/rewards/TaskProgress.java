package org.encore.app.commands.rewards;

import org.encore.app.terminal.TerminalProgress;
import org.encore.rewards.trained.RewardKind.LearningProgress;

/** Shows one task after the other, each with its time left. */
final class TaskProgress implements LearningProgress, AutoCloseable {
    private String task;
    private TerminalProgress shown;

    @Override
    public void step(String next, long done, long total, String postfix) {
        if (!next.equals(task)) {
            close();
            task = next;
            shown = TerminalProgress.open(next);
        }
        shown.step(done, total, postfix);
    }

    @Override
    public void close() {
        if (shown != null) {
            shown.close();
        }
    }
}
