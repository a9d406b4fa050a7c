package dev.hubbub.standalone;

import dev.hubbub.hub.WritePass;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.Set;
import org.glassfish.grizzly.nio.DefaultSelectorHandler;
import org.glassfish.grizzly.nio.SelectorRunner;

/** Writes what the events of one pass over the ready sockets have left in outboxes, at the end of the pass. */
final class WritingSelectorHandler extends DefaultSelectorHandler {
    @Override
    public Set<SelectionKey> select(SelectorRunner runner) throws IOException {
        WritePass.begin();
        return super.select(runner);
    }
}
