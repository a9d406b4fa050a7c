/** Jetty 12, with Jakarta EE 10 and 11. Only {@code dev.hubbub.container} uses it, by name. */
package dev.hubbub.container.jetty;
