/**
 * The contract of an application: its events, the types of their data, acknowledgements, errors and rooms, read from the handlers.
 * {@link dev.hubbub.contract.Contract} is the model; AsyncAPI and TypeScript are two ways to write it. Used by servlets and by the
 * command line.
 */
package dev.hubbub.contract;
