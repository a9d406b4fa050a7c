package com.example.ticker;

import com.example.ticker.Ticker.Price;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes up prices: 5,000 changes per second of 200 symbols. */
final class Market {
    static final int SYMBOLS = 200;
    private static final int PER_TICK = 100;
    private static final int TICK_MILLIS = 20;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "market");
        daemon.setDaemon(true);
        return daemon;
    });
    private final SplittableRandom random = new SplittableRandom();
    private final long[] cents = new long[SYMBOLS];

    /** @param listener told the first price of each symbol before this method returns, and each change afterwards */
    void start(Consumer<Price> listener) {
        for (int i = 0; i < SYMBOLS; i++) {
            cents[i] = random.nextLong(1_000, 100_000);
            listener.accept(new Price(symbol(i), cents[i], 0));
        }
        thread.scheduleAtFixedRate(
                () -> {
                    for (int n = 0; n < PER_TICK; n++) {
                        int i = random.nextInt(SYMBOLS);
                        long change = random.nextLong(-50, 51);
                        cents[i] = Math.max(100, cents[i] + change);
                        listener.accept(new Price(symbol(i), cents[i], change));
                    }
                },
                TICK_MILLIS,
                TICK_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static String symbol(int i) {
        return String.format("SYM%03d", i);
    }

    void stop() {
        thread.shutdownNow();
    }
}
