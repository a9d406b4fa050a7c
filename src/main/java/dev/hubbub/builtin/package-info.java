/**
 * The events that Hubbub handles without an application, written like the handlers of any application: a good first read. The
 * package uses only {@link dev.hubbub}, and only the {@code app} package uses it.
 */
package dev.hubbub.builtin;
