/**
 * Tests of handlers with JUnit 5: a real hub without a server. An artifact of its own, with the classifier {@code test-kit}.
 * {@link dev.hubbub.test.HubbubExtension} is where to begin.
 */
package dev.hubbub.test;
