package dev.hubbub.hub;

import dev.hubbub.Handshake;

/**
 * How a client proves that it is a former one: by {@code <id>.<secret>} in its handshake; and how it can prove later that it is
 * this one.
 */
final class SessionProof {
    private final String id;
    private final Connection connection;
    /** Null if the client cannot return by naming its session. */
    private final Claim former;

    private volatile boolean confirmed;

    /**
     * The session that a client says it had before.
     *
     * @param id empty if the client names none
     * @param secret null if the client does not prove that it had this id
     */
    record Claim(String id, String secret) {
        static Claim parse(String token) {
            int dot = token.indexOf('.');
            return dot < 0 ? new Claim(token, null) : new Claim(token.substring(0, dot), token.substring(dot + 1));
        }

        /** Without the secret, which must not get into a log. */
        @Override
        public String toString() {
            return "former session " + id;
        }
    }

    /** @param id the id that the client has now */
    SessionProof(String id, Handshake handshake, Connection connection) {
        this.id = id;
        this.connection = connection;
        former = handshake.parameter(LocalClient.FORMER).map(Claim::parse).orElse(null);
    }

    /** The client has sent something, and so knows its session. */
    void confirm() {
        confirmed = true;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    /** The id that this client had before it returned, as it says; its own if it does not. */
    String formerId() {
        return former == null || former.id().isEmpty() ? id : former.id();
    }

    /**
     * The secret with which it has returned, while it may not know the new one: the event that told it can be lost. Otherwise
     * null.
     */
    String formerSecret() {
        return confirmed || former == null || !former.id().equals(id) ? null : former.secret();
    }

    /** Whether somebody who knows this secret is this client. */
    boolean isGivenBy(String secret) {
        return Secret.isSame(connection.secret(), secret) || Secret.isSame(formerSecret(), secret);
    }

    /** Whether it can prove its identity when it returns after it was lost, and has said that it may want to. */
    boolean mayReturn() {
        return connection.mayReturn() || (connection.secret() != null && former != null);
    }
}
