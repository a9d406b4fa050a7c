package dev.hubbub.servlet;

import jakarta.servlet.ServletContextListener;

/**
 * Makes the deployment fail on servers with the old {@code javax.servlet} API, like Tomcat 9. Such a server cannot load this
 * class, so its log names this class and the missing one. On other servers it does nothing.
 */
public final class NeedsJakartaServlet implements ServletContextListener {}
