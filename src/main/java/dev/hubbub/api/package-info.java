/**
 * The HTTP API, by which back ends that are not handlers publish events, read rooms and disconnect clients. Only {@code
 * dev.hubbub.servlet} registers it; nothing depends on it.
 */
package dev.hubbub.api;
