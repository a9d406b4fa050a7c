/**
 * Ways in for those whom a proxy forbids WebSocket: server-sent events and long polling to hear, {@code POST} to speak.
 * No thread waits with a waiting client.
 */
package dev.hubbub.http;
