/**
 * Policies of rooms and limits of clients: this package decides what a client may do, and its caller enforces the decision. The
 * hub, the admission of connections and the settings use it.
 */
package dev.hubbub.access;
