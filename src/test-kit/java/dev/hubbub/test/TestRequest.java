package dev.hubbub.test;

import dev.hubbub.Data;
import dev.hubbub.Handshake;
import dev.hubbub.Identity;
import dev.hubbub.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The request with which a client connects.
 *
 * <pre>{@code
 * TestClient kim = hubbub.client().user("kim", "staff").header("Accept-Language", "ko").parameter("lot", "7").connect();
 * }</pre>
 */
public final class TestRequest {
    private final HubbubExtension hubbub;
    private final Map<String, List<String>> headers = new LinkedHashMap<>();
    private final Map<String, List<String>> parameters = new LinkedHashMap<>();
    private Identity identity = Identity.ANONYMOUS;
    private Data auth = Data.of(Map.of());
    private String address = "127.0.0.1";
    private TestSession session;
    private String namespace = Namespace.MAIN;

    TestRequest(HubbubExtension hubbub) {
        this.hubbub = hubbub;
    }

    /** Authenticates the client. */
    public TestRequest user(String name, String... roles) {
        return identity(new Identity(name, Set.of(roles), null));
    }

    /** Authenticates the client, perhaps for a limited time. */
    public TestRequest identity(Identity value) {
        identity = value;
        return this;
    }

    /** Adds a header, also one that the request has already. */
    public TestRequest header(String name, String value) {
        headers.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    /** Adds a parameter of the query. */
    public TestRequest parameter(String name, String value) {
        parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        return this;
    }

    /** Gives the client a session of the web application, and this attribute to the session; see {@link Handshake#session()}. */
    public TestRequest sessionAttribute(String name, Object value) {
        if (session == null) {
            session = new TestSession();
        }
        session.setAttribute(name, value);
        return this;
    }

    /** What a Socket.IO client sends as {@code auth}. */
    public TestRequest auth(Object value) {
        auth = Data.of(value);
        return this;
    }

    /** The address of the client. From another address than 127.0.0.1, the limits of the settings apply. */
    public TestRequest address(String value) {
        address = value;
        return this;
    }

    public TestRequest namespace(String name) {
        namespace = name;
        return this;
    }

    /**
     * Connects the client and waits for {@code connected}. A client that an {@code @OnConnect} method rejects is closed; see {@link
     * TestClient#expectClose}.
     *
     * @throws dev.hubbub.EventException if the client must authenticate, or there are too many connections
     */
    public TestClient connect() {
        TestClient client = new TestClient(hubbub, hubbub.namespace(namespace), this);
        hubbub.opened(client);
        client.open(null);
        return client;
    }

    /** @param former the session of the client that returns, see {@code connected}; null for a new client */
    Handshake handshake(String former) {
        Map<String, List<String>> query = new LinkedHashMap<>(parameters);
        if (former != null) {
            query.put("was", List.of(former));
        }
        return new Handshake(address, false, headers, query, identity, auth, session);
    }
}
