/**
 * Several nodes: order, memory, presence and sessions in Redis. Implements interfaces of {@code dev.hubbub.hub}, which does not
 * know this package; nothing of it is loaded without {@code hubbub.cluster}.
 */
package dev.hubbub.cluster;
