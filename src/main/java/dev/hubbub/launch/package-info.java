/** What {@code java -jar} finds at the root of the WAR. */
package dev.hubbub.launch;
