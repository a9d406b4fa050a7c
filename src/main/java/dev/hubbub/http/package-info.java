/**
 * Transports for clients whose proxies break WebSockets: server-sent events and long polling to receive events, {@code POST} to
 * send them; no thread waits for a client. The servlet package and the standalone server register the servlets, and the WebSocket
 * and Socket.IO transports use {@code Requests}, {@code Responses}, {@code Body} and {@code Output}.
 */
package dev.hubbub.http;
