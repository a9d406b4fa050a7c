package dev.hubbub.cluster;

import dev.hubbub.Position;
import dev.hubbub.hub.History;
import dev.hubbub.protocol.Positions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import redis.clients.jedis.CommandArguments;

/** Calls that read from one room. */
final class RoomCalls {
    /** Entries that one call reads. */
    static final int ENTRIES = 256;

    /** Entries that one call for a page reads: each may have many events. */
    private static final int PAGE = 16;

    private static final HiddenEvents NOTHING_HIDDEN = new HiddenEvents(Set.of(), -1);

    private RoomCalls() {}

    /**
     * What follows a position.
     *
     * @param position where the room is
     * @param formerEpoch the epoch before that one; empty if there was none
     * @param sameTerm whether the epoch was begun by the present master, so that its numbers are sure
     * @param messages what was published in the epoch that was asked for
     * @param hidden those of it that were deleted
     */
    record Read(Position position, String formerEpoch, boolean sameTerm, List<byte[]> messages, HiddenEvents hidden) {}

    /** Asks where a room is and who is in it; a new room begins. */
    abstract static class Open extends Call {
        private final RoomKeys keys;
        private final int limit;

        Open(RoomKeys keys, int limit) {
            this.keys = keys;
            this.limit = limit;
        }

        abstract void opened(Position now, RoomElsewhere.Snapshot members);

        @Override
        CommandArguments arguments(String term) {
            return script(Script.OPEN, 3)
                    .add(keys.meta())
                    .add(keys.members())
                    .add(keys.counts())
                    .add(term)
                    .add(Positions.newEpoch())
                    .add(RoomKeys.META_MS)
                    .add(limit);
        }

        @Override
        void replied(Object reply) {
            List<?> parts = (List<?>) reply;
            int total = ((Long) parts.get(3)).intValue();
            Map<String, RoomElsewhere.NodeMember> members = null;
            if (total <= limit) {
                members = new HashMap<>();
                List<?> all = (List<?>) parts.get(4);
                for (int i = 0; i + 1 < all.size(); i += 2) {
                    String id = RedisConnection.text(all.get(i));
                    String entry = RedisConnection.text(all.get(i + 1));
                    int blank = entry.indexOf(' ');
                    members.put(
                            id,
                            new RoomElsewhere.NodeMember(
                                    entry.substring(0, blank), PresenceChanges.member(id, entry.substring(blank + 1))));
                }
            }
            opened(
                    new Position(RedisConnection.text(parts.get(0)), (Long) parts.get(1)),
                    new RoomElsewhere.Snapshot((Long) parts.get(2), total, members));
        }
    }

    /** Reads what follows a position. */
    abstract static class Since extends Call {
        private final RoomKeys keys;
        private final String epoch;
        private final long number;

        Since(RoomKeys keys, String epoch, long number) {
            this.keys = keys;
            this.epoch = epoch;
            this.number = number;
        }

        /** @param read null if the room is not known */
        abstract void read(Read read);

        @Override
        CommandArguments arguments(String term) {
            return script(Script.SINCE, 3)
                    .add(keys.meta())
                    .add(keys.hidden())
                    .add(keys.hiddenOfAll())
                    .add(keys.log())
                    .add(epoch)
                    .add(number)
                    .add(ENTRIES)
                    .add(term);
        }

        @Override
        void replied(Object reply) {
            List<?> parts = (List<?>) reply;
            if (parts.isEmpty()) {
                read(null);
                return;
            }
            List<byte[]> messages = ((List<?>) parts.get(4))
                    .stream().map(bytes -> (byte[]) bytes).toList();
            read(new Read(
                    new Position(RedisConnection.text(parts.get(0)), (Long) parts.get(1)),
                    RedisConnection.text(parts.get(2)),
                    (Long) parts.get(3) == 1,
                    messages,
                    HiddenEvents.parse((List<?>) parts.get(5), parts.get(6))));
        }
    }

    /** Reads what precedes a position. */
    abstract static class Before extends Call {
        private final RoomKeys keys;
        private final String epoch;
        private final String number;

        /** @param before null for the last events */
        Before(RoomKeys keys, Position before) {
            this.keys = keys;
            epoch = before == null ? "" : before.epoch();
            number = before == null ? "" : String.valueOf(before.number());
        }

        /** @param now null if the room is not known */
        abstract void read(Position now, List<byte[]> messages, HiddenEvents hidden);

        @Override
        CommandArguments arguments(String term) {
            return script(Script.BEFORE, 3)
                    .add(keys.meta())
                    .add(keys.hidden())
                    .add(keys.hiddenOfAll())
                    .add(keys.log())
                    .add(epoch)
                    .add(number)
                    .add(PAGE);
        }

        @Override
        void replied(Object reply) {
            List<?> parts = (List<?>) reply;
            if (parts.isEmpty()) {
                read(null, List.of(), NOTHING_HIDDEN);
                return;
            }
            read(
                    new Position(RedisConnection.text(parts.get(0)), (Long) parts.get(1)),
                    ((List<?>) parts.get(2))
                            .stream().map(bytes -> (byte[]) bytes).toList(),
                    HiddenEvents.parse((List<?>) parts.get(3), parts.get(4)));
        }
    }

    /** Asks for the epoch of a durable room; a new room begins. */
    abstract static class Begin extends Call {
        private final RoomKeys keys;

        Begin(RoomKeys keys) {
            this.keys = keys;
        }

        /**
         * @param former the epoch before; empty if there was none
         * @param hasKeys whether Redis knows the room's idempotency keys
         */
        abstract void begun(String present, String former, boolean hasKeys);

        @Override
        CommandArguments arguments(String term) {
            return script(Script.BEGIN, 1)
                    .add(keys.meta())
                    .add(term)
                    .add(Positions.newEpoch())
                    .add(RoomKeys.META_MS);
        }

        @Override
        void replied(Object reply) {
            List<?> parts = (List<?>) reply;
            begun(RedisConnection.text(parts.get(0)), RedisConnection.text(parts.get(1)), (Long) parts.get(2) == 1);
        }
    }

    /** Gives Redis idempotency keys that the history knows. */
    abstract static class Restore extends Call {
        private final RoomKeys keys;
        private final String epoch;
        private final List<History.KeyedPosition> known;
        private final boolean last;

        Restore(RoomKeys keys, String epoch, List<History.KeyedPosition> known, boolean last) {
            this.keys = keys;
            this.epoch = epoch;
            this.known = known;
            this.last = last;
        }

        @Override
        int size() {
            return 256 + 128 * known.size();
        }

        @Override
        CommandArguments arguments(String term) {
            CommandArguments arguments =
                    script(Script.RESTORE_KEYS, 1 + known.size()).add(keys.meta());
            known.forEach(each -> arguments.add(keys.key(each.key())));
            arguments.add(epoch).add(last ? "1" : "0");
            known.forEach(each -> arguments.add(each.position().toString()).add(RoomKeys.DURABLE_KEY_MS));
            return arguments;
        }
    }
}
