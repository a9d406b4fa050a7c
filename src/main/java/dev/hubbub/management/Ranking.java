package dev.hubbub.management;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps the items with the greatest keys of many, without keeping or sorting the others. A key is read once, because it may change
 * meanwhile.
 */
final class Ranking<T> {
    private final int most;
    private final PriorityQueue<Ranked<T>> lowestFirst;
    private final Comparator<Ranked<T>> order;
    private int total;

    private record Ranked<T>(long key, String name, T item) {}

    Ranking(int most) {
        this.most = most;
        order = Comparator.comparingLong((Ranked<T> ranked) -> ranked.key)
                .thenComparing(ranked -> ranked.name, Comparator.reverseOrder());
        lowestFirst = new PriorityQueue<>(order);
    }

    /** @param name decides between equal keys: the first in the alphabet comes first */
    void add(long key, String name, T item) {
        total++;
        if (most > 0) {
            lowestFirst.add(new Ranked<>(key, name, item));
            if (lowestFirst.size() > most) {
                lowestFirst.poll();
            }
        }
    }

    /** How many were added. */
    int total() {
        return total;
    }

    /** Those that were kept behind the first ones, the greatest first. */
    List<T> after(int offset) {
        List<Ranked<T>> sorted = new ArrayList<>(lowestFirst);
        sorted.sort(order.reversed());
        return sorted.stream().skip(offset).map(Ranked::item).toList();
    }
}
