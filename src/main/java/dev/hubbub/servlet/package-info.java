/**
 * Registers and starts Hubbub in a servlet container, and stops it with its web application. Only the container, and the
 * standalone server, call it.
 */
package dev.hubbub.servlet;
