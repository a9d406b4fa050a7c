/**
 * Passes events to their handlers and sends the results as acknowledgements; invalid handlers are reported at start-up. The
 * transports call the {@code Dispatcher}, and the {@code app} package creates it.
 */
package dev.hubbub.dispatch;
