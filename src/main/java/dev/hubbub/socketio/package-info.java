/**
 * The transport for Socket.IO clients (Engine.IO protocol 4, Socket.IO protocol 5), which share rooms with all other clients:
 * {@code EngineSession} is the connection by WebSocket or polling, {@code SocketIoSession} handles the packets on it. The servlet
 * package and the standalone server register it.
 */
package dev.hubbub.socketio;
