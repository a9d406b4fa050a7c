package dev.hubbub.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.Identity;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TicketsTest {
    private static final Identity KIM = new Identity("kim", Set.of("user"), null);

    @Test
    void aTicketCanBeRedeemedOnce() {
        Tickets tickets = new Tickets(Duration.ofMinutes(1));
        String ticket = tickets.issue(KIM);
        assertThat(ticket).matches("[\\w-]{32}").isNotEqualTo(tickets.issue(KIM));
        assertThat(tickets.redeem(ticket)).isEqualTo(KIM);
        assertThat(tickets.redeem(ticket)).isNull();
        assertThat(tickets.redeem("x")).isNull();
    }

    @Test
    void aTicketExpires() {
        Tickets tickets = new Tickets(Duration.ZERO);
        assertThat(tickets.redeem(tickets.issue(KIM))).isNull();
    }

    @Test
    void unusedTicketsAreBounded() {
        Tickets tickets = new Tickets(Duration.ofMinutes(1));
        for (int i = 0; i < 10_000; i++) {
            assertThat(tickets.issue(new Identity("user-" + i, Set.of(), null))).isNotNull();
        }
        assertThat(tickets.issue(KIM)).isNull();
    }

    @Test
    void oneUserCannotTakeAllTickets() {
        Tickets tickets = new Tickets(Duration.ofMinutes(1));
        String first = tickets.issue(KIM);
        for (int i = 1; i < 100; i++) {
            assertThat(tickets.issue(KIM)).isNotNull();
        }
        assertThat(tickets.issue(KIM)).isNull();
        assertThat(tickets.issue(new Identity("lee", Set.of(), null))).isNotNull();
        tickets.redeem(first);
        assertThat(tickets.issue(KIM)).isNotNull();
    }
}
