package dev.hubbub.container;

import javax.management.JMException;

/**
 * How a server announces that it is about to stop. Jetty, GlassFish, WildFly and Open Liberty close the connections before they
 * stop the applications, too late to tell clients anything; but each has its own way to notify an application that asks for it
 * before it begins. Tomcat, TomEE and Payara need none of this.
 */
public interface ServerStop {
    /**
     * Registers with the server.
     *
     * @param drain runs before the server closes its connections, on the thread that stops it; may take a while
     * @param reopen runs if the server was only suspended and resumes
     * @return stops watching; must run before the application is unloaded
     */
    Runnable watch(Runnable drain, Runnable reopen) throws ReflectiveOperationException, JMException;
}
