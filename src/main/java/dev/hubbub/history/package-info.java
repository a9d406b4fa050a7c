/**
 * Stores the events of durable rooms in a database, by JDBC. Nothing of this package is loaded unless {@code hubbub.history} is
 * set, and only the {@code app} package uses it; the hub knows it as its {@link dev.hubbub.hub.History}.
 */
package dev.hubbub.history;
