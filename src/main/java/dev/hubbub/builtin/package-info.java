/**
 * The events that the stock WAR understands, written like any application's: a good first read. They use only {@link
 * dev.hubbub}.
 */
package dev.hubbub.builtin;
