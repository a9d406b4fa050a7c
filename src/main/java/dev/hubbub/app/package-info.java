/** One running Hubbub: its settings, its hub and its handlers, put together. */
package dev.hubbub.app;
