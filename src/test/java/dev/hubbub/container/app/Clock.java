package dev.hubbub.container.app;

import jakarta.enterprise.context.Dependent;

/** A bean to inject. */
@Dependent
public class Clock {}
