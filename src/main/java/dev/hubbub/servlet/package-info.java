/** How Hubbub comes to life in a servlet container. */
package dev.hubbub.servlet;
