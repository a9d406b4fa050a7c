package dev.hubbub.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.app.Hubbub;
import dev.hubbub.standalone.ContractServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContractTest {
    private final JsonObject document = Json.createReader(
                    new StringReader(AsyncApi.write(Contract.of(Shop.CLASSES, true))))
            .readObject();

    private final String types = TypeScript.write(Contract.of(Shop.CLASSES, true));

    private String at(String pointer) {
        return document.getValue(pointer).toString();
    }

    @Test
    void recordsAreDescribedWithTheirNestedTypes() {
        assertThat(at("/components/schemas/Item"))
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"product\":{\"type\":\"string\",\"format\":\"uuid\"},"
                        + "\"count\":{\"type\":\"integer\",\"format\":\"int32\"},"
                        + "\"size\":{\"type\":\"string\",\"enum\":[\"SMALL\",\"LARGE\"]},"
                        + "\"unit-price\":{\"type\":\"number\"}},\"required\":[\"count\"]}");
        assertThat(at("/components/schemas/Order/properties/due"))
                .isEqualTo("{\"type\":\"string\",\"format\":\"date\"}");
        assertThat(at("/components/schemas/Order/properties/note")).isEqualTo("{\"type\":\"string\"}");
        assertThat(at("/components/schemas/Order/properties/discounts/additionalProperties/type"))
                .isEqualTo("\"integer\"");
        assertThat(at("/components/schemas/Order/properties/gifts/items"))
                .isEqualTo("{\"$ref\":\"#/components/schemas/Item\"}");
        assertThat(at("/components/schemas/Order/properties/replaces"))
                .isEqualTo("{\"$ref\":\"#/components/schemas/Order\"}");
    }

    @Test
    void acknowledgementsOfGenericTypesAreDescribed() {
        assertThat(at("/components/messages/events.ack.order/payload/properties/data"))
                .isEqualTo("{\"$ref\":\"#/components/schemas/ResultOfListOfItem\"}");
        assertThat(at("/components/schemas/ResultOfListOfItem/properties/value"))
                .isEqualTo("{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Item\"}}");
        assertThat(types).contains("\"order\": { data: Order; ack: ResultOfListOfItem };");
        assertThat(types).contains("\"scan\": { data: undefined; ack: Invoice | null };");
    }

    @Test
    void aClassHasTheMembersThatJsonBindingWrites() {
        assertThat(types)
                .contains("export interface Invoice {\n  \"customer\"?: string;\n  \"number\"?: number;\n}\n")
                .doesNotContain("secret");
    }

    @Test
    void errorsRolesRoomsAndAttachmentsAreDescribed() {
        assertThat(at("/operations/events.receive.order/x-hubbub-errors")).isEqualTo("[\"sold-out\"]");
        assertThat(at("/operations/events.receive.shout/x-hubbub-roles")).isEqualTo("[\"staff\"]");
        assertThat(at("/x-hubbub-rooms")).isEqualTo("[\"order-{id}\",\"shop-*\"]");
        assertThat(at("/components/messages/events.client.scan/x-hubbub-attachment"))
                .isEqualTo("true");
        assertThat(at("/components/messages/events.client.chat-message/payload/properties/data"))
                .contains("\"$ref\":\"#/components/schemas/Chat\"", "\"room\"");
        assertThat(types)
                .contains("\"chat message\": { data: Chat & { room?: string }; ack: null };")
                .contains("\"sold-out\"")
                .contains("export type RoomName = `order-${string}` | `shop-${string}` | (string & {});");
    }

    @Test
    void eventsOfTheServerAreThoseThatAreDeclared() {
        assertThat(types).contains("\"ordered\": Order;", "\"closed\": undefined;", "\"hello\": Hello;");
    }

    @Test
    void theApplicationsHandlerReplacesABuiltInOne() {
        assertThat(types).contains("\"ping\": { data: undefined; ack: number };");
    }

    @Test
    void aNamespaceIsAChannelOfItsOwn() {
        assertThat(at("/channels/events-admin/x-hubbub-namespace")).isEqualTo("\"/admin\"");
        assertThat(at("/components/messages/events-admin.client.close/payload/required"))
                .isEqualTo("[\"name\",\"data\"]");
        assertThat(types).doesNotContain("\"close\"");
    }

    /** So that a new built-in event is not forgotten. */
    @Test
    void theBuiltInEventsAreThoseThatAreHandled() throws Exception {
        try (ContractServer server = ContractServer.start("true")) {
            assertThat(Hubbub.current().dispatcher().handled().keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            BuiltInEvents.received(true).keySet());
            HttpResponse<String> asyncApi = server.get("asyncapi.json");
            assertThat(asyncApi.body()).isEqualTo(AsyncApi.write(Contract.of(List.of(), true)));
            assertThat(asyncApi.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
            assertThat(server.get("hubbub-events.d.ts").body())
                    .isEqualTo(TypeScript.write(Contract.of(List.of(), true)));
        }
    }

    @Test
    void theContractIsOffByDefaultAndMayNeedARole() throws Exception {
        try (ContractServer server = ContractServer.start("false")) {
            assertThat(server.get("asyncapi.json").statusCode()).isEqualTo(404);
            assertThat(server.get("hubbub-events.d.ts").statusCode()).isEqualTo(404);
        }
        try (ContractServer server = ContractServer.start("role:developer")) {
            assertThat(server.get("asyncapi.json").statusCode()).isEqualTo(401);
        }
    }
}
