package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import java.lang.management.ManagementFactory;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTest {
    private static Packet parse(String text) throws BadPacketException {
        return Packet.parse(text, 10);
    }

    @Test
    void theExamplesOfTheProtocolAreParsed() throws BadPacketException {
        assertThat(parse("0")).isEqualTo(new Packet(Packet.Type.CONNECT, 0, "/", null, null));
        assertThat(parse("0/admin,{\"token\":\"123\"}"))
                .isEqualTo(new Packet(Packet.Type.CONNECT, 0, "/admin", null, "{\"token\":\"123\"}"));
        assertThat(parse("0/admin").namespace()).isEqualTo("/admin");
        assertThat(parse("1/admin,")).isEqualTo(new Packet(Packet.Type.DISCONNECT, 0, "/admin", null, null));
        assertThat(parse("2/admin,13[\"foo\"]"))
                .isEqualTo(new Packet(Packet.Type.EVENT, 0, "/admin", "13", "[\"foo\"]"));
        assertThat(parse("312[]")).isEqualTo(new Packet(Packet.Type.ACK, 0, "/", "12", "[]"));
        assertThat(parse("52-/admin,[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]")
                        .attachments())
                .isEqualTo(2);
        assertThat(parse("61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]").id())
                .isEqualTo("15");
    }

    @Test
    void argumentsBecomeData() throws BadPacketException {
        assertThat(parse("2[\"a\"]").data()).isEqualTo(Data.NULL);
        assertThat(parse("2[\"a\",{\"x\":[1]}]").data()).isEqualTo(Data.parse("{\"x\":[1]}"));
        Data several = parse("2[\"a\", 1 ,\"b\"]").data();
        assertThat(several).isEqualTo(Data.parse("[1,\"b\"]"));
        assertThat(several.isArguments()).isTrue();
        assertThat(parse("2[7,1]").eventName()).isEqualTo("7");
        assertThat(parse("2[\"a\",[1]]").data().isArguments()).isFalse();
    }

    @Test
    void onlyTrailingPlaceholdersAreOmitted() throws BadPacketException {
        String zero = Placeholders.of(0);
        String one = Placeholders.of(1);
        assertThat(parse("52-[\"a\",1," + zero + "," + one + "]").data()).isEqualTo(Data.parse("1"));
        assertThat(parse("52-[\"a\"," + one + "," + zero + "]").data().json()).isEqualTo("[" + one + "," + zero + "]");
        assertThat(parse("51-[\"a\",{\"b\":" + zero + "}]").data().json()).isEqualTo("{\"b\":" + zero + "}");
        assertThat(parse("52-[\"a\",{\"b\":" + zero + "}," + one + "]").data().json())
                .isEqualTo("{\"b\":" + zero + "}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "7",
                "4{}",
                "0[]",
                "0{",
                "1{}",
                "2",
                "2{}",
                "31",
                "31{}",
                "5[\"a\"]",
                "5-[\"a\"]",
                "511-[\"a\"]",
                "51[\"a\"]",
                "51",
                "2[\"a\"]x",
                "2[\"a\",]"
            })
    void invalidPacketsAreRejected(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadPacketException.class);
    }

    @Test
    void anIdIsAnyNumberOfDigits() throws BadPacketException {
        assertThat(parse("3[1]").id()).isNull();
        assertThat(parse("2007[\"a\"]").id()).isEqualTo("7");
        assertThat(parse("200[\"a\"]").id()).isEqualTo("0");
        assertThat(parse("2999999999999999999[\"a\"]").hasTooLongId()).isFalse();
        assertThat(parse("2" + "9".repeat(19) + "[\"a\"]").hasTooLongId()).isTrue();
    }

    @Test
    void nullIsAnArgument() throws BadPacketException {
        assertThat(parse("2[\"a\",null]").data().isNone()).isFalse();
        assertThat(parse("2[\"a\",null]").data()).isEqualTo(Data.parse("null"));
        assertThat(parse("2[\"a\"]").data().isNone()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[null]", "[{}]", "[1.5]", "[-1]", "[\"connect\"]", "[\"newListener\",1]"})
    void invalidEventNamesAreRejected(String payload) {
        assertThatThrownBy(() -> parse("2" + payload).eventName()).isInstanceOf(BadPacketException.class);
    }

    /** Searching a level again would copy its text, so the allocated memory shows how often the text is read. */
    @Test
    void placeholdersAreFoundInOnePass() throws BadPacketException {
        String array = "[".repeat(99) + "\"" + "x".repeat(60_000) + "\"" + "]".repeat(99);
        String object = "{\"a\":".repeat(99) + "\"" + "x".repeat(60_000) + "\"" + "}".repeat(99);
        for (String json : List.of(array, object)) {
            assertThat(Placeholders.areValid(json, 1)).isTrue(); // loads the classes
            long before = allocated();
            Placeholders.areValid(json, 1);
            assertThat(allocated() - before).as(json.substring(0, 5)).isLessThan(json.length());
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void anObjectInsideAPlaceholderIsNotAPlaceholder() {
        String inner = "{\"_placeholder\":true,\"num\":7}";
        BitSet found = new BitSet();
        assertThat(Placeholders.find("[{\"a\":" + inner + ",\"_placeholder\":true,\"num\":1}]", 2, found))
                .isTrue();
        assertThat(found).hasToString("{1}");
        assertThat(Placeholders.find("{\"_placeholder\":true,\"a\":" + inner + ",\"_placeholder\":1}", 2, found))
                .as("of two members with the same name the last counts")
                .isFalse();
        assertThat(Placeholders.find(
                        "[{\"a\":" + Placeholders.of(0) + "},{\"b\":[" + Placeholders.of(2) + "]}]", 3, found))
                .isTrue();
        assertThat(found).hasToString("{0, 1, 2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "\"0\"", "null", "0.0", "99999999999", "{}"})
    void placeholdersOfMissingAttachmentsAreRejected(String number) {
        String hidden = "[\"a\",[{\"b\":{\"num\":" + number + ",\"\\u005fplaceholder\":true,\"c\":1}}]]";
        assertThatThrownBy(() -> parse("51-" + hidden).data()).isInstanceOf(BadPacketException.class);
    }
}
