package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hubbub.Event;
import dev.hubbub.json.Json;
import jakarta.websocket.EncodeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An arbitrary frame is malformed, or it is an event that every JSON parser accepts and that stays the same when it is encoded
 * again. The first byte chooses between a text frame and a binary one.
 */
class EventFuzz {
    @FuzzTest
    void aFrameIsAnEventOrMalformed(byte[] frame) throws EncodeException {
        if (frame.length == 0) {
            return;
        }
        Event event;
        try {
            ByteBuffer rest = ByteBuffer.wrap(frame, 1, frame.length - 1).slice();
            event = frame[0] % 2 == 0
                    ? EventDecoder.event(StandardCharsets.UTF_8.decode(rest).toString())
                    : EventDecoder.event(rest);
        } catch (MalformedException malformed) {
            assertThat(malformed.getMessage()).isNotEmpty();
            return;
        }
        Json.read(event.data().json(), Object.class); // by a full parser
        Event text = new Event(event.name(), event.data(), event.id(), event.key(), List.of());
        assertThat(EventDecoder.event(new EventEncoder().encode(text))).isEqualTo(text);
    }
}
