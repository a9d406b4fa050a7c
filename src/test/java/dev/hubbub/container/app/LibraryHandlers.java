package dev.hubbub.container.app;

import dev.hubbub.EventHandlers;
import dev.hubbub.OnEvent;

/** Handlers in a jar in WEB-INF/lib. */
@EventHandlers
public class LibraryHandlers {
    @OnEvent("isbn")
    String isbn(String number) {
        return "isbn " + number;
    }
}
