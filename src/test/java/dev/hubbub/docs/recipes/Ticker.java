package dev.hubbub.docs.recipes;

import dev.hubbub.EventHandlers;
import dev.hubbub.Hub;
import dev.hubbub.OnStart;
import dev.hubbub.Room;
import java.time.Duration;
import java.util.function.Consumer;

@EventHandlers
public class Ticker {
    public record Price(String symbol, long cents) {}

    public interface Feed {
        void onPrice(Consumer<Price> listener);
    }

    private final Feed feed;

    public Ticker(Feed feed) {
        this.feed = feed;
    }

    @OnStart
    void start(Hub hub) {
        Room prices = hub.room("prices");
        Duration calm = Duration.ofMillis(200); // at most five changes a second of each symbol
        feed.onPrice(price -> prices.keep("price", price.symbol(), price, null, calm));
    }
}
