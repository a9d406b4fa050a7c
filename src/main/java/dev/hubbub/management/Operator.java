package dev.hubbub.management;

/**
 * Somebody who operates Hubbub.
 *
 * @param name of the user, or by which means it came
 * @param address null if it is unknown
 */
public record Operator(String name, String address) {
    static final Operator JMX = new Operator("JMX", null);

    @Override
    public String toString() {
        return address == null ? name : name + " from " + address;
    }
}
