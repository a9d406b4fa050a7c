/**
 * What an application sees of Hubbub: annotate a class with {@link dev.hubbub.EventHandlers} and its methods with
 * {@link dev.hubbub.OnEvent}; talk to a {@link dev.hubbub.Client}, a {@link dev.hubbub.Room} or the whole {@link
 * dev.hubbub.Hub}. Everything below this package is Hubbub's own and may change.
 */
package dev.hubbub;
