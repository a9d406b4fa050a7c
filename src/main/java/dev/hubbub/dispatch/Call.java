package dev.hubbub.dispatch;

import dev.hubbub.Client;
import dev.hubbub.Close;
import dev.hubbub.Event;

/**
 * What happened, from which a handler's arguments are taken.
 *
 * @param event null unless an event is handled
 * @param close null unless the client has gone
 * @param failure null unless a handler failed
 */
record Call(Client client, Event event, Close close, Throwable failure) {}
