/** Grizzly's own servlets, which the standalone server uses. Only {@code dev.hubbub.container} uses it, by name. */
package dev.hubbub.container.grizzly;
