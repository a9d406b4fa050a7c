package dev.hubbub.standalone;

import dev.hubbub.app.HandshakeRequest;
import dev.hubbub.app.Hubbub;
import dev.hubbub.app.OpeningHandshake;
import dev.hubbub.http.PageHeaders;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.stream.StreamSupport;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpPacket;
import org.glassfish.grizzly.http.HttpProbe;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * Adds the security headers to every response just before it is sent, whoever has made it: a servlet, the static files, Tyrus or
 * Grizzly itself.
 */
final class ResponseHeaders extends BaseFilter {
    /** Also when it has stopped: the last responses are sent after that. */
    private final Hubbub hubbub;

    ResponseHeaders(Hubbub hubbub) {
        this.hubbub = hubbub;
    }

    @Override
    public NextAction handleWrite(FilterChainContext context) throws IOException {
        if (context.getMessage() instanceof HttpPacket packet
                && packet.getHttpHeader() instanceof HttpResponsePacket response
                && !response.isCommitted()) {
            if (response.getStatus() == HttpStatus.INTERNAL_SERVER_ERROR_500.getStatusCode()
                    && hasInvalidPath(response.getRequest())) {
                response.setStatus(HttpStatus.BAD_REQUEST_400);
            }
            if (response.getStatus() == OpeningHandshake.UPGRADE_REQUIRED) {
                response.setReasonPhrase("Upgrade Required"); // Grizzly does not know this status
            }
            set(response);
        }
        return context.getInvokeAction();
    }

    /** Whether an escape in the path is invalid, as in {@code /%}: Grizzly (4.0.2) answers 500. */
    private static boolean hasInvalidPath(HttpRequestPacket request) {
        try {
            request.getRequestURIRef().getDecodedRequestURIBC(false);
            return false;
        } catch (CharConversionException | RuntimeException e) {
            return true;
        }
    }

    private void set(HttpResponsePacket response) {
        PageHeaders.set(hubbub, () -> handshakeRequest(response.getRequest()), response::setHeader);
    }

    private static HandshakeRequest handshakeRequest(HttpRequestPacket request) {
        return new HandshakeRequest(
                request.getRemoteAddress(),
                request.isSecure(),
                name -> StreamSupport.stream(request.getHeaders().values(name).spliterator(), false)
                        .toList(),
                null,
                () -> null,
                role -> false);
    }

    /** Adds the headers where Grizzly responds before it has read a whole request head: no filter sees these responses. */
    HttpProbe onInvalidRequest() {
        return new HttpProbe.Adapter() {
            @Override
            @SuppressWarnings("rawtypes")
            public void onErrorEvent(Connection connection, HttpPacket packet, Throwable error) {
                if (packet instanceof HttpRequestPacket request
                        && !request.getResponse().isCommitted()) {
                    set(request.getResponse());
                }
            }
        };
    }
}
