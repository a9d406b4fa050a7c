package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Event;

/**
 * One call of a handler, with everything that its arguments may be taken from.
 *
 * @param event the event to handle or whose handler failed; otherwise null
 * @param close how the client was disconnected; otherwise null
 * @param failure what a handler has thrown; otherwise null
 */
record Call(Client client, Event event, Close close, Throwable failure) {}
