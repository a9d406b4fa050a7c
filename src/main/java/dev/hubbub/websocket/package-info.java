/**
 * The WebSocket transport: admission of handshakes, the endpoint and the connection of a client. The servlet package and the
 * standalone server register it, and the Socket.IO transport builds on it.
 */
package dev.hubbub.websocket;
