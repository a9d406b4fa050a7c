package dev.hubbub.app;

import dev.hubbub.Namespace;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.hub.LocalHub;

/** A namespace: clients and rooms apart from those of the other namespaces, and what handles their events. */
public record NamespaceRuntime(String name, LocalHub hub, Dispatcher dispatcher) {
    /** For names of rooms and events that operators see: nothing for the main namespace, else its name and a space. */
    public String prefix() {
        return name.equals(Namespace.MAIN) ? "" : name + " ";
    }
}
