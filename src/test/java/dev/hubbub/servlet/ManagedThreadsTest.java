package dev.hubbub.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManagedThreadsTest {
    @Test
    void aFactoryWhoseThreadsRunOrWaitForTheApplicationWorks() throws Exception {
        assertThat(ManagedThreads.works(Thread::new)).isTrue();
        CountDownLatch started = new CountDownLatch(1);
        assertThat(ManagedThreads.works(task -> new Thread(() -> {
                    try {
                        started.await(); // as on Open Liberty
                        task.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })))
                .isTrue();
        started.countDown();
    }

    @Test
    void aFactoryWhoseThreadsEndWithoutRunningDoesNotWork() {
        assertThat(ManagedThreads.works(task -> new Thread(() -> {}))).isFalse(); // as on GlassFish
        assertThat(ManagedThreads.works(task -> {
                    throw new IllegalStateException("stopped");
                }))
                .isFalse();
    }
}
