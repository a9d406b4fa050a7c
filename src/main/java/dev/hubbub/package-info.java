/**
 * The API for applications: annotate a class with {@link dev.hubbub.EventHandlers} and its methods with {@link
 * dev.hubbub.OnEvent}, and send events to a {@link dev.hubbub.Client}, a {@link dev.hubbub.Room} or the whole {@link
 * dev.hubbub.Hub}. The packages below this one are internal and may change in any release.
 */
package dev.hubbub;
