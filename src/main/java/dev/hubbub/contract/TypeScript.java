package dev.hubbub.contract;

import dev.hubbub.contract.Contract.Events;
import dev.hubbub.contract.Contract.Received;
import dev.hubbub.contract.Contract.Sent;
import dev.hubbub.json.Json;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes the events of the main namespace as types for {@code hubbub.js}. */
public final class TypeScript {
    private static final String HEAD = """
            // Generated from the handlers of the application. Copy it beside hubbub.js and its types:
            //   const hub = connect("/events") as EventsHub;
            import type { Attachment, EmitOptions, Hub, HubbubError, HubbubEvent, JoinOptions, Room, State } from "./hubbub.js";

            """;

    private static final String CLASSES = """

            type Arguments<D, O> = undefined extends D ? [data?: D, options?: O] : [data: D, options?: O];
            type InRoom<D> = undefined extends D ? Omit<NonNullable<D>, "room"> | undefined : Omit<D, "room">;
            type ServerListener<N extends keyof ServerEvents> =
              (data: ServerEvents[N], event: HubbubEvent<ServerEvents[N]>) => unknown;

            export interface EventsRoom extends Omit<Room, "emit" | "on" | "once" | "ready"> {
              emit<N extends keyof ClientEvents>(
                name: N, ...rest: Arguments<InRoom<ClientEvents[N]["data"]>, EmitOptions | Attachment>): Promise<ClientEvents[N]["ack"]>;
              on(name: "recovered", listener: (result: { complete: boolean }) => unknown): () => void;
              on(name: "members", listener: (members: Room["members"]) => unknown): () => void;
              on(name: "state", listener: (state: Room["state"]) => unknown): () => void;
              on<N extends keyof ServerEvents>(name: N, listener: ServerListener<N>): () => void;
              once<N extends keyof ServerEvents>(name: N, listener: ServerListener<N>): () => void;
              ready(): Promise<EventsRoom>;
            }

            export interface EventsHub extends Omit<Hub, "emit" | "send" | "on" | "once" | "join" | "rooms"> {
              readonly rooms: EventsRoom[];
              join(room?: RoomName, options?: JoinOptions): EventsRoom;
              emit<N extends keyof ClientEvents>(
                name: N, ...rest: Arguments<ClientEvents[N]["data"], EmitOptions | Attachment>): Promise<ClientEvents[N]["ack"]>;
              send<N extends keyof ClientEvents>(name: N, ...rest: Arguments<ClientEvents[N]["data"], Attachment>): boolean;
              on(name: "state", listener: (state: State) => unknown): () => void;
              on(name: "problem", listener: (error: HubbubError) => unknown): () => void;
              on<N extends keyof ServerEvents>(name: N, listener: ServerListener<N>): () => void;
              once<N extends keyof ServerEvents>(name: N, listener: ServerListener<N>): () => void;
            }
            """;

    private TypeScript() {}

    public static String write(Contract contract) {
        StringBuilder to = new StringBuilder(HEAD);
        contract.types().forEach((name, type) -> {
            to.append("export interface ").append(name).append(" {\n");
            for (Contract.Member member : type.members()) {
                Json.quote(to.append("  "), member.name())
                        .append(member.required() ? ": " : "?: ")
                        .append(type(member.shape()))
                        .append(";\n");
            }
            to.append(type.open() ? "  [other: string]: unknown;\n}\n\n" : "}\n\n");
        });
        Events events = contract.namespaces().get(0);
        to.append("/** What clients send, and how it is acknowledged. */\nexport interface ClientEvents {\n");
        for (Received event : events.received()) {
            Json.quote(to.append("  "), event.name())
                    .append(": { data: ")
                    .append(data(event))
                    .append("; ack: ")
                    .append(type(event.result()))
                    .append(" };\n");
        }
        to.append("}\n\n/** What the server sends. */\nexport interface ServerEvents {\n");
        for (Sent event : events.sent()) {
            boolean none = event.data() instanceof Shape.Nothing;
            Json.quote(to.append("  "), event.name())
                    .append(": ")
                    .append(none ? "undefined" : type(event.data()))
                    .append(";\n");
        }
        to.append("}\n\n/** The codes of errors. */\nexport type ErrorCode =\n  | ")
                .append(strings(contract.errors()))
                .append(";\n\n/** The rooms that the application knows; others are permitted too. */\n")
                .append("export type RoomName = ");
        for (String room : contract.rooms()) {
            to.append(template(room)).append(" | ");
        }
        return to.append("(string & {});\n").append(CLASSES).toString();
    }

    private static String data(Received event) {
        String type = event.data() == null ? null : type(event.data());
        String room = "{ room?: string }";
        if (type == null) {
            return event.room() ? room + " | undefined" : "undefined";
        }
        String whole = event.room() ? event.data() instanceof Shape.Any ? "any" : type + " & " + room : type;
        return event.required() ? whole : whole + " | undefined";
    }

    private static String type(Shape shape) {
        if (shape instanceof Shape.Nothing) {
            return "null";
        }
        if (shape instanceof Shape.Scalar scalar) {
            return scalar.type().equals("integer") ? "number" : scalar.type();
        }
        if (shape instanceof Shape.Choice choice) {
            return strings(choice.values());
        }
        if (shape instanceof Shape.Items items) {
            return "Array<" + type(items.element()) + ">";
        }
        if (shape instanceof Shape.Entries entries) {
            return "Record<string, " + type(entries.value()) + ">";
        }
        if (shape instanceof Shape.Named named) {
            return named.name();
        }
        return shape instanceof Shape.Nullable nullable ? type(nullable.shape()) + " | null" : "any";
    }

    private static String strings(List<String> values) {
        return values.stream().map(Json::write).collect(Collectors.joining(" | "));
    }

    private static String strings(Set<String> values) {
        return strings(List.copyOf(values));
    }

    /** A room's pattern as a template literal type. */
    private static String template(String pattern) {
        String text = pattern.replace("\\", "\\\\").replace("`", "\\`").replace("$", "\\$");
        return '`' + text.replaceAll("\\{[a-zA-Z0-9]+}|\\*", "\\${string}") + '`';
    }
}
