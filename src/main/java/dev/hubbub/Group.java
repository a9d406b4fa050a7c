package dev.hubbub;

/** An audience of several clients. */
public interface Group extends Audience {
    /**
     * The same receivers without these clients. If such a client is not the sender of the event, and its user is authenticated, a
     * return of the user is not sent the event later either, unless the client that returns proves to be another one.
     *
     * @param clients together with those that are excluded already, at most 117; such a user counts as one more
     */
    Group except(Client... clients);
}
