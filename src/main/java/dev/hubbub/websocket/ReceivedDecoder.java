package dev.hubbub.websocket;

import dev.hubbub.protocol.EventDecoder;
import dev.hubbub.protocol.MalformedException;
import jakarta.websocket.Decoder;

/**
 * Decodes events for the endpoint without ever throwing: a {@code DecodeException} closes the connection on Jetty, and
 * takes the way of a broken socket elsewhere; here it is an answer.
 */
public final class ReceivedDecoder implements Decoder.Text<Received> {
    @Override
    public Received decode(String text) {
        int length = utf8Length(text);
        try {
            return new Received(EventDecoder.event(text), null, length);
        } catch (MalformedException malformed) {
            return new Received(null, malformed, length);
        }
    }

    @Override
    public boolean willDecode(String text) {
        return true;
    }

    private static int utf8Length(String text) {
        int length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1; // a pair of surrogates is four bytes
            }
        }
        return length;
    }
}
