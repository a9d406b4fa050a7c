/** Tomcat 10.1 and 11, and TomEE, which contains Tomcat. Only {@code dev.hubbub.container} uses it, by name. */
package dev.hubbub.container.tomcat;
