package dev.hubbub.standalone;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** A handler whose parameters are invalid, which prevents the start. */
@EventHandlers
public class WrongHandler {
    @OnEvent("bid")
    void bid(String lot, int amount) {}
}
