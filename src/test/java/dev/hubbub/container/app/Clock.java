package dev.hubbub.container.app;

import jakarta.enterprise.context.Dependent;

/** Something to be injected. */
@Dependent
public class Clock {}
