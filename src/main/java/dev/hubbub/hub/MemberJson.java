package dev.hubbub.hub;

import dev.hubbub.Data;
import dev.hubbub.Member;
import dev.hubbub.json.CheckedJson;

/** Members of a room as {@code hello} lists them and nodes tell each other. */
public final class MemberJson {
    private MemberJson() {}

    /** @param json a member that was written by a node */
    public static Member read(String json) {
        Data member = Data.of(new CheckedJson(json));
        Data data = member.member("data");
        return new Member(member.string("id"), member.string("nick"), data == null || data.isNull() ? null : data);
    }
}
