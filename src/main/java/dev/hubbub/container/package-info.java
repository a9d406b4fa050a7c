/**
 * What Jakarta EE leaves open and each server does in its own way: how frames reach a socket ({@link
 * dev.hubbub.container.SocketWriter}), when the server is about to stop ({@link dev.hubbub.container.ServerStop}), and a few
 * deviations to work around ({@link dev.hubbub.container.Container}). The transports and the servlet package use this package;
 * its sub-packages, one for each server, are loaded by name, and no other code refers to them.
 */
package dev.hubbub.container;
