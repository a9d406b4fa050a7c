package dev.hubbub.container;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.websocket.Extension;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
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

    private static Extension offer(String... namesAndValues) {
        List<Extension.Parameter> parameters = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.add(new Value(namesAndValues[i], namesAndValues[i + 1]));
        }
        return new Offer(PerMessageDeflate.NAME, parameters);
    }

    @Test
    void anOfferWithInvalidParametersIsDeclined() {
        for (Extension invalid : List.of(
                offer("client_max_window_bits", "7"),
                offer("client_max_window_bits", "16"),
                offer("client_max_window_bits", "x"),
                offer("client_max_window_bits", "08"),
                offer("server_max_window_bits", null),
                offer("server_no_context_takeover", "x"),
                offer("client_no_context_takeover", "true"),
                offer("client_max_window_bits", null, "client_max_window_bits", "15"),
                offer("unknown", null))) {
            assertThat(negotiate(List.of(DEFLATE), List.of(invalid)))
                    .as(invalid.toString())
                    .isEmpty();
            assertThat(PerMessageDeflate.isAcceptable(invalid))
                    .as(invalid.toString())
                    .isFalse();
            assertThat(negotiate(List.of(DEFLATE), List.of(invalid, DEFLATE))).containsExactly(DEFLATE);
        }
    }

    @Test
    void anOfferWithTheLargestWindowIsPreferred() {
        Extension small = offer("server_max_window_bits", "10");
        Extension large = offer("client_max_window_bits", null, "server_max_window_bits", "15");
        assertThat(negotiate(List.of(DEFLATE), List.of(small, large, DEFLATE))).containsExactly(large);
        assertThat(negotiate(List.of(DEFLATE), List.of(small))).containsExactly(small);
        assertThat(PerMessageDeflate.isAcceptable(small)).isFalse();
        assertThat(PerMessageDeflate.isAcceptable(large)).isTrue();
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
