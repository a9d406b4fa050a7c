package dev.hubbub.servlet;

import jakarta.servlet.ServletContextListener;

/**
 * Does nothing where it can be loaded. A server of the time when Servlet was in {@code javax}, like Tomcat 9, cannot, so there
 * the deployment fails and its log has this name and the class that is missing.
 */
public final class NeedsJakartaServlet implements ServletContextListener {}
