package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;

/**
 * Connections to a server under test, and how servers differ. The suites that extend it run against every server that the WAR
 * runs on.
 */
public abstract class ConnectionSuite {
    /** The URL of the application, with a slash at the end. */
    protected abstract URI url();

    protected URI events() {
        return EventClient.events(url());
    }

    protected EventClient connect(String... headers) {
        return EventClient.connect(events(), headers);
    }

    /** The URL of a path with a query. */
    final URI url(String path) {
        return URI.create(url() + path);
    }

    final StreamClient stream(String query) throws Exception {
        return stream(query, "");
    }

    final StreamClient stream(String query, String lastEventId) throws Exception {
        return new StreamClient(url("events/sse" + query), lastEventId);
    }

    final HttpResponse<String> get(String path, String... headers) throws Exception {
        return Http.get(url(path), headers);
    }

    /** Sends an event by POST. */
    final HttpResponse<String> post(String session, String event) throws Exception {
        return Http.post(url("events/send"), event, "Hubbub-Session", session, "Content-Type", "application/json");
    }

    /** Sends a request from a page of this origin. */
    protected final HandshakeProbe from(String origin, String method, String path) throws IOException {
        return HandshakeProbe.request(url(), method, path, "", "Origin", origin, "Connection", "close");
    }

    /** An Engine.IO WebSocket that is open and has not been read from. */
    final RawWebSocket engineSocket() throws IOException {
        RawWebSocket socket = RawWebSocket.open(url(), "socket.io/?EIO=4&transport=websocket");
        assertThat(socket.head).contains(" 101 ");
        return socket;
    }

    /** A client that has received a close frame, 1008, and has not answered it. */
    protected final RawWebSocket closedByTheServer() throws IOException {
        RawWebSocket socket = engineSocket();
        socket.sendText(new byte[] {'x'});
        assertThat(socket.awaitCloseCode()).isEqualTo(1008);
        return socket;
    }

    /**
     * Whether the server answers a POST that offers HTTP/2 without TLS. Payara and GlassFish accept the offer, and now and then
     * fail to answer because of a NullPointerException in Grizzly's {@code Http2ServerFilter}.
     */
    protected boolean answersRequestsThatOfferHttp2() {
        return true;
    }

    /** The status of a response without a body. */
    protected int noContentStatus() {
        return 204;
    }

    /** Whether permessage-deflate is enabled, on a server that supports it. */
    protected boolean isCompressionEnabled() {
        return false;
    }

    /**
     * Whether frames are written below Jakarta WebSocket. Jakarta WebSocket cannot close a connection whose close frame cannot
     * be written.
     */
    protected boolean writesBelowJakartaWebSocket() {
        return true;
    }

    /** Whether the server waits for the client's close frame. Jetty and WildFly close the socket at once, at least with 1008. */
    protected boolean waitsForCloseFrame() {
        return true;
    }

    /** Whether Hubbub's filter always runs before the container's WebSocket upgrade, which can only answer 403. */
    protected boolean runsFiltersBeforeUpgrade() {
        return true;
    }
}
