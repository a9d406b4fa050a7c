/**
 * The clients and rooms of one node, and everything between a published event and its sockets. Transports call {@link
 * dev.hubbub.hub.LocalHub} and implement {@link dev.hubbub.hub.Connection}; the hub knows nothing of them.
 *
 * <p>The way of an event: {@link dev.hubbub.hub.LocalRoom} publishes it to the {@link dev.hubbub.hub.Broker}, which gives it a
 * position, remembers it and hands it to the {@link dev.hubbub.hub.RoomState}; that puts it into the {@link
 * dev.hubbub.hub.Outbox} of each member, which gives it to the connection.
 */
package dev.hubbub.hub;
