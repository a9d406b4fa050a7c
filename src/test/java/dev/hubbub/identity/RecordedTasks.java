package dev.hubbub.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Background tasks that run when the test says so. */
final class RecordedTasks implements BackgroundTasks {
    final List<Runnable> tasks = new ArrayList<>();
    final List<Runnable> repeated = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void repeat(String what, Duration interval, Runnable task) {
        repeated.add(task);
    }

    void runAll() {
        List<Runnable> due = List.copyOf(tasks);
        tasks.clear();
        due.forEach(Runnable::run);
    }
}
