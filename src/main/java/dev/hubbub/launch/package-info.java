/**
 * The main class that {@code java -jar hubbub.war} starts from the root of the WAR. It depends on nothing but the JDK, because
 * it runs before any jar is on the class path; nothing depends on it.
 */
package dev.hubbub.launch;
