/** {@code java -jar hubbub.war}: Tyrus on Grizzly, with WebSocket, servlets and the page on one port. */
package dev.hubbub.standalone;
