/**
 * Reads and writes JSON: a scanner that checks text without building objects, and JSON-B for binding. It depends on no other
 * package of Hubbub, and all of them may use it.
 */
package dev.hubbub.json;
