/**
 * JSON as Hubbub needs it: a scanner that checks text without building anything from it, and JSON-B for the rest. It
 * knows no events; everything else may use it.
 */
package dev.hubbub.json;
