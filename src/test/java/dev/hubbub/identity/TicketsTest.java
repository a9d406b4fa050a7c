package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Identity;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final Identity KIM = new Identity("kim", Set.of("user"), null);

    @Test
    void aTicketIsGoodOnce() {
        Tickets tickets = new Tickets(Duration.ofMinutes(1));
        String ticket = tickets.issue(KIM);
        assertThat(ticket).matches("[\\w-]{32}").isNotEqualTo(tickets.issue(KIM));
        assertThat(tickets.take(ticket)).isEqualTo(KIM);
        assertThat(tickets.take(ticket)).isNull();
        assertThat(tickets.take("x")).isNull();
    }

    @Test
    void aTicketIsNotGoodForLong() {
        Tickets tickets = new Tickets(Duration.ZERO);
        assertThat(tickets.take(tickets.issue(KIM))).isNull();
    }

    @Test
    void thereAreNotTooManyOfThem() {
        Tickets tickets = new Tickets(Duration.ofMinutes(1));
        for (int i = 0; i < 10_000; i++) {
            assertThat(tickets.issue(KIM)).isNotNull();
        }
        assertThat(tickets.issue(KIM)).isNull();
    }
}
