package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.hubbub.Data;
import dev.hubbub.Event;
import jakarta.websocket.DecodeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventDecoderTest {
    @Test
    void membersMayHaveAnyOrderAndUnknownOnesAreIgnored() {
        Event event =
                EventDecoder.event(" {\"id\":7,\"x\":{\"name\":1},\"data\":{\"a\": 1},\"name\":\"m\\u0065ssage\"} ");
        assertThat(event.name()).isEqualTo("message");
        assertThat(event.data()).isEqualTo(Data.parse("{\"a\": 1}"));
        assertThat(event.id()).isEqualTo("7");
        assertThat(event.attachment()).isNull();
    }

    @Test
    void dataAndIdMayBeAbsentOrNull() {
        Event event = EventDecoder.event("{\"name\":\"join\",\"id\":null}");
        assertThat(event.data().isNull()).isTrue();
        assertThat(event.wantsAck()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "7, 7",
                "-7, -7",
                "'\"a-1\"', '\"a-1\"'",
                "9223372036854775807, 9223372036854775807",
            })
    void integersAndShortStringsAreIds(String json, String id) {
        assertThat(EventDecoder.event("{\"name\":\"a\",\"id\":" + json + "}").id())
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "1e3", "true", "{}", "[]", "99999999999999999999"})
    void otherIdsAreRejected(String id) {
        assertThatThrownBy(() -> EventDecoder.event("{\"name\":\"a\",\"id\":" + id + "}"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("\"id\"");
    }

    @Test
    void longIdsAndNamesAreRejected() {
        assertThatThrownBy(() -> EventDecoder.event("{\"name\":\"a\",\"id\":\"" + "x".repeat(129) + "\"}"))
                .hasMessageContaining("128");
        assertThatThrownBy(() -> EventDecoder.event("{\"name\":\"" + "x".repeat(129) + "\"}"))
                .hasMessageContaining("128");
        assertThat(EventDecoder.event("{\"name\":\"" + "x".repeat(128) + "\"}").name())
                .hasSize(128);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "null", "[]", "\"name\"", "{", "{\"name\":\"a\"", "{\"name\":\"a\"}x", "{\"name\":}"
            })
    void textThatIsNotAnObjectIsRejected(String text) {
        assertThatThrownBy(() -> EventDecoder.event(text)).isInstanceOf(MalformedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"id\":3}", "{\"id\":3,\"name\":5}", "{\"id\":3,\"name\":\"\"}", "{\"id\":3,\"name\":null}"})
    void anErrorAboutTheNameHasTheIdOfTheEvent(String text) {
        MalformedException problem = catchThrowableOfType(MalformedException.class, () -> EventDecoder.event(text));
        assertThat(problem.code()).isEqualTo("malformed");
        assertThat(problem.id()).isEqualTo("3");
    }

    @Test
    void aBinaryFrameIsTheEnvelopeAZeroByteAndTheAttachment() {
        byte[] frame = "{\"name\":\"gif\",\"data\":\"\u00e9\"}\0GIF89a\0\1".getBytes(StandardCharsets.UTF_8);
        Event event = EventDecoder.event(ByteBuffer.wrap(frame));
        assertThat(event.data().as(String.class)).isEqualTo("\u00e9");
        assertThat(StandardCharsets.ISO_8859_1.decode(event.attachment()).toString())
                .isEqualTo("GIF89a\0\1");
        assertThat(EventDecoder.event(ByteBuffer.wrap("{\"name\":\"a\"}\0".getBytes(StandardCharsets.UTF_8)))
                        .attachment()
                        .remaining())
                .isZero();
    }

    @Test
    void aBinaryFrameWithoutAnEnvelopeIsRejected() {
        assertThatThrownBy(
                        () -> EventDecoder.event(ByteBuffer.wrap("{\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("zero byte");
        assertThatThrownBy(() -> EventDecoder.event(ByteBuffer.wrap(new byte[] {'"', (byte) 0xff, '"', 0})))
                .hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> EventDecoder.event(ByteBuffer.allocate(5))).isInstanceOf(MalformedException.class);
    }

    @Test
    void theDecoderOfJakartaWebSocketThrowsADecodeException() {
        assertThatThrownBy(() -> new EventDecoder().decode("{}")).isInstanceOf(DecodeException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "[1,3]", "[-1,3]", "\"x\"", "7", "{}", "[]", "[1.5]", "[3,-1]"})
    void invalidLengthsOfAttachmentsAreIgnored(String lengths) {
        byte[] frame = ("{\"name\":\"a\",\"attachments\":" + lengths + "}\0ab").getBytes(StandardCharsets.UTF_8);
        assertThat(EventDecoder.event(ByteBuffer.wrap(frame)).attachments())
                .containsExactly(ByteBuffer.wrap(new byte[] {'a', 'b'}));
    }
}
