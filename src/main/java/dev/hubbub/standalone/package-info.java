/**
 * The standalone server that {@code java -jar hubbub.war} runs: Tyrus on Grizzly, with WebSocket, servlets and static files on
 * one port. Only {@code dev.hubbub.launch} starts it; nothing depends on it.
 */
package dev.hubbub.standalone;
