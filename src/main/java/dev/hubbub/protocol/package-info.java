/**
 * The event protocol, version 1, as bytes: frames to events and back. It knows neither clients nor rooms; transports
 * and the hub use it, and a Java client may.
 */
package dev.hubbub.protocol;
