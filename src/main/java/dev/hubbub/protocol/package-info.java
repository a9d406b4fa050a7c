/**
 * The event protocol, version 1: decodes frames to events and encodes events as frames. It knows neither clients nor rooms; the
 * hub and the transports use it, and Java clients may use {@code EventDecoder} and {@code EventEncoder}.
 */
package dev.hubbub.protocol;
