package dev.hubbub;

/** An audience of several clients. */
public interface Group extends Audience {
    /** The same receivers without these clients. */
    Group except(Client... clients);
}
