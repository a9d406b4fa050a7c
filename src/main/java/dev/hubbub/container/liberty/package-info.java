/** Open Liberty. Only {@code dev.hubbub.container} uses it, by name. */
package dev.hubbub.container.liberty;
