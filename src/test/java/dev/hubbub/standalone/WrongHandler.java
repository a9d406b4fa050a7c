package dev.hubbub.standalone;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** Cannot work, and is found out at start-up. */
@EventHandlers
public class WrongHandler {
    @OnEvent("bid")
    void bid(String lot, int amount) {}
}
