package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionTrackerTest {
    @Test
    void aSocketIoClientIsAtItsOffsetOtherwiseWhereItWasWhenItCame() {
        PositionTracker positions = new PositionTracker(false);
        positions.add(new Position("AAAAAAAAAAA", 5));
        assertThat(positions).hasToString("");
        positions.add(new Position("BBBBBBBBBBB", 1));
        positions.add(new Position("BBBBBBBBBBB", 2));
        assertThat(positions).hasToString("BBBBBBBBBBB.2");
        assertThat(positions.seen(null)).isEqualTo(Map.of("AAAAAAAAAAA", 5L, "BBBBBBBBBBB", 1L));
        assertThat(positions.seen("BBBBBBBBBBB.2")).containsEntry("BBBBBBBBBBB", 2L);
        assertThat(positions.seen("anything, CCCCCCCCCCC.9")).doesNotContainKey("CCCCCCCCCCC");
    }

    @Test
    void aThousandRoomsThatWereVisitedLeaveNoTrace() {
        PositionTracker positions = new PositionTracker(true);
        positions.add(new Position("AAAAAAAAAAA", 1));
        for (int i = 0; i < 1_000; i++) {
            String epoch = Positions.newEpoch();
            positions.add(new Position(epoch, 1));
            positions.forget(epoch);
        }
        assertThat(positions).hasToString("AAAAAAAAAAA.1");
    }

    @Test
    void beyondTheBoundThePositionThatWasReachedLongestAgoIsForgotten() {
        PositionTracker positions = new PositionTracker(true);
        List<String> epochs = new ArrayList<>();
        for (int i = 0; i < Positions.MAX; i++) {
            epochs.add(Positions.newEpoch());
            positions.add(new Position(epochs.get(i), 1));
        }
        positions.add(new Position(epochs.get(0), 2));
        positions.add(new Position("AAAAAAAAAAA", 1));
        assertThat(positions.seen(null)).hasSize(Positions.MAX);
        assertThat(positions.toString()).contains(epochs.get(0) + ".2").doesNotContain(epochs.get(1));
    }

    @Test
    void aStreamKeepsThePositionsThatItsClientCameWith() {
        PositionTracker positions = new PositionTracker(true, Positions.parse("AAAAAAAAAAA.3,BBBBBBBBBBB.4"));
        positions.add(new Position("BBBBBBBBBBB", 5));
        assertThat(positions).hasToString("AAAAAAAAAAA.3,BBBBBBBBBBB.5");
    }

    @Test
    void aHundredRoomsAndTheEventsToEveryoneAreAllRead() {
        StringBuilder list = new StringBuilder();
        List<String> epochs = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            epochs.add(Positions.newEpoch());
            list.append(list.length() == 0 ? "" : ",")
                    .append(epochs.get(i))
                    .append('.')
                    .append(i);
        }
        assertThat(Positions.parse(list.toString())).containsOnlyKeys(epochs);
    }

    @Test
    void ofALongListTheLastPositionsCount() {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            list.append(Positions.newEpoch()).append(".1,");
        }
        list.append("AAAAAAAAAAA.7");
        assertThat(Positions.parse(list.toString())).hasSize(Positions.MAX).containsEntry("AAAAAAAAAAA", 7L);
    }

    @Test
    void whatIsNotAPositionIsIgnored() {
        assertThat(Positions.parse(null)).isEmpty();
        assertThat(Positions.parse("x, AAAAAAAAAAA.-1, AAAAAAAAAAA., .7")).isEmpty();
        assertThat(Position.parse("AAAAAAAAAAA.7")).contains(new Position("AAAAAAAAAAA", 7));
        assertThat(Position.parse("AAAAAAAAAAA.7,")).isEmpty();
    }
}
