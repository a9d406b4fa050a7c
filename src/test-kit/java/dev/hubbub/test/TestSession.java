package dev.hubbub.test;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A session of the web application, with attributes. It belongs to no servlet context and does not expire. */
final class TestSession implements HttpSession {
    private final String id = UUID.randomUUID().toString();
    private final long created = System.currentTimeMillis();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private volatile boolean invalid;

    private void requireValid() {
        if (invalid) {
            throw new IllegalStateException("The session has been invalidated");
        }
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public long getCreationTime() {
        requireValid();
        return created;
    }

    @Override
    public long getLastAccessedTime() {
        return getCreationTime();
    }

    @Override
    public ServletContext getServletContext() {
        return null;
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        throw new UnsupportedOperationException("The sessions of tests do not expire");
    }

    @Override
    public int getMaxInactiveInterval() {
        return 0; // never
    }

    @Override
    public Object getAttribute(String name) {
        requireValid();
        return attributes.get(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        requireValid();
        return Collections.enumeration(attributes.keySet());
    }

    @Override
    public void setAttribute(String name, Object value) {
        requireValid();
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        setAttribute(name, null);
    }

    @Override
    public void invalidate() {
        requireValid();
        invalid = true;
    }

    @Override
    public boolean isNew() {
        requireValid();
        return false;
    }
}
