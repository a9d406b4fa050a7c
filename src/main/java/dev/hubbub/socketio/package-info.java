/**
 * Socket.IO clients (Engine.IO protocol 4, Socket.IO protocol 5) in the same rooms as everybody: {@code EngineSession} is the
 * connection below, by WebSocket or by polling, {@code SocketIoSession} what is said on it.
 */
package dev.hubbub.socketio;
