package dev.hubbub.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketTest {
    private static Packet parse(String text) throws BadPacketException {
        return Packet.parse(text, 10);
    }

    @Test
    void readsTheExamplesOfTheProtocol() throws BadPacketException {
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
    void onlyPlaceholdersAtTheEndAreLeftOut() throws BadPacketException {
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
                "3[]",
                "31",
                "31{}",
                "5[\"a\"]",
                "5-[\"a\"]",
                "511-[\"a\"]",
                "51[\"a\"]",
                "51",
                "2[\"a\"]x",
                "2[\"a\",]",
                "21234567890123456789[\"a\"]"
            })
    void refusesWhatIsNoPacket(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(BadPacketException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[null]", "[{}]", "[1.5]", "[-1]", "[\"connect\"]", "[\"newListener\",1]"})
    void refusesWhatIsNoName(String payload) {
        assertThatThrownBy(() -> parse("2" + payload).eventName()).isInstanceOf(BadPacketException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "\"0\"", "null", "0.0", "99999999999", "{}"})
    void refusesPlacesOfAttachmentsThatThereAreNot(String number) {
        String hidden = "[\"a\",[{\"b\":{\"num\":" + number + ",\"\\u005fplaceholder\":true,\"c\":1}}]]";
        assertThatThrownBy(() -> parse("51-" + hidden).data()).isInstanceOf(BadPacketException.class);
    }
}
