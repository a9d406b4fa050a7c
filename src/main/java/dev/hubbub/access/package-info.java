/**
 * How much clients may do, and in which rooms: policies and limits. It decides; whoever asks has to act on it. Used by the hub,
 * and by the application to read its settings.
 */
package dev.hubbub.access;
