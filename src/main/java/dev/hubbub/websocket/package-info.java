/** The WebSocket transport: the endpoint, and how each container is sent to. */
package dev.hubbub.websocket;
