/**
 * GlassFish 7 and 8, and Payara 6 and 7, which share its request objects; their WebSocket part is Tyrus. Only {@code
 * dev.hubbub.container} uses it, by name.
 */
package dev.hubbub.container.glassfish;
