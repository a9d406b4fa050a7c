/**
 * Assembles a running Hubbub: reads its settings, admits connections, and creates its hub and handlers. The transports, the
 * management and the servers use it.
 */
package dev.hubbub.app;
