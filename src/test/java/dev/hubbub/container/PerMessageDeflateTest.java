package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PerMessageDeflateTest {
    private static final int MAX_PAYLOAD = 1000;
    private static final Extension DEFLATE = extension(PerMessageDeflate.NAME);
    private static final Extension OTHER = extension("x-webkit-deflate-frame");

    private record Offer(String getName, List<Parameter> getParameters) implements Extension {}

    private record Value(String getName, String getValue) implements Extension.Parameter {}

    private static Extension extension(String name, String... parameters) {
        return new Offer(
                name,
                Stream.of(parameters)
                        .<Extension.Parameter>map(parameter -> new Value(parameter, "10"))
                        .toList());
    }

    private static List<Extension> negotiate(List<Extension> installed, List<Extension> offers) {
        return PerMessageDeflate.negotiate(installed, offers, MAX_PAYLOAD);
    }

    @Test
    void theFirstOfferIsAcceptedIfTheServerSupportsDeflate() {
        Extension again = extension(PerMessageDeflate.NAME, "client_max_window_bits");
        assertThat(negotiate(List.of(DEFLATE), List.of(OTHER, again, DEFLATE))).containsExactly(again);
        assertThat(negotiate(List.of(OTHER), List.of(DEFLATE))).isEmpty();
        assertThat(negotiate(List.of(DEFLATE, OTHER), List.of(OTHER))).isEmpty();
        assertThat(negotiate(List.of(DEFLATE), List.of())).isEmpty();
    }

    private static boolean acceptsSharedFrames(Extension... extensions) {
        Session session = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) ->
                        method.getName().equals("getNegotiatedExtensions") ? List.of(extensions) : null);
        return PerMessageDeflate.acceptsSharedFrames(session);
    }

    @Test
    void framesAreSharedUnlessTheClientHasASmallerWindowOrAnotherExtension() {
        assertThat(acceptsSharedFrames(DEFLATE)).isTrue();
        assertThat(acceptsSharedFrames(extension(PerMessageDeflate.NAME, "client_max_window_bits")))
                .isTrue();
        assertThat(acceptsSharedFrames(extension(PerMessageDeflate.NAME, "server_max_window_bits")))
                .isFalse();
        assertThat(acceptsSharedFrames(DEFLATE, OTHER)).isFalse();
    }
}
