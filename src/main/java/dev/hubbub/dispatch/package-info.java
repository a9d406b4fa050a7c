/**
 * From an event to the method that handles it, and from its result to the answer. Handlers are read once, at start-up:
 * what is wrong with one is said then, with class and method.
 */
package dev.hubbub.dispatch;
