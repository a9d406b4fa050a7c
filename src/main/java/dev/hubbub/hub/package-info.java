/**
 * Clients, rooms and the outboxes between an event and its sockets. Transports feed it through {@link
 * dev.hubbub.hub.LocalHub#connect} and implement {@link dev.hubbub.hub.Connection}; it knows nothing of them.
 */
package dev.hubbub.hub;
