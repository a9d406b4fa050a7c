package dev.hubbub;

/** An audience of several clients. */
public interface Group extends Audience {
    /**
     * The same receivers without these clients.
     *
     * @param clients together with those that are excluded already, at most 117
     */
    Group except(Client... clients);
}
