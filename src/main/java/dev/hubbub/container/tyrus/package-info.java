/**
 * Tyrus 2, the WebSocket implementation of Payara, GlassFish and the standalone server. The only container package that compiles
 * against a server's library; where that is absent, {@code dev.hubbub.container}, which uses it by name, goes without it.
 */
package dev.hubbub.container.tyrus;
