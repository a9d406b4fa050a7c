package dev.hubbub.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures Hubbub beside other event servers: {@code mvn -Pbench verify}. The servers take turns, so that whatever else the
 * machine does meets all of them; the table shows medians. CPU per delivery is the figure to trust on a machine that is not quiet.
 */
public final class Bench {
    private static final String WAR = System.getProperty("hubbub.war", "target/hubbub.war");
    private final Duration warmUp = seconds("bench.warm-up", "4");
    private final Duration duration = seconds("bench.seconds", "5");
    private final PrintStream out;

    private record Row(
            double perSecond, double cpu, double p50, double p99, long lost, long repeated, double kib, double joins) {}

    Bench(PrintStream out) {
        this.out = out;
    }

    /** The parameters: the scenarios, the servers, and the number of rounds; each of the first two separated by commas. */
    public static void main(String... parameters) throws Exception {
        List<String> servers = Arrays.asList(parameters[1].split(","));
        for (String scenario : parameters[0].split(",")) {
            new Bench(System.out).compare(Scenario.named(scenario), servers, Integer.parseInt(parameters[2]));
        }
    }

    private static Duration seconds(String property, String otherwise) {
        return Duration.ofMillis((long) (1_000 * Double.parseDouble(System.getProperty(property, otherwise))));
    }

    void compare(Scenario scenario, List<String> servers, int rounds) throws IOException, InterruptedException {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (String server : servers) {
                rows.computeIfAbsent(server, name -> new ArrayList<>()).add(measure(scenario, server));
            }
        }
        print(scenario, rows);
    }

    private Row measure(Scenario scenario, String name) throws IOException, InterruptedException {
        try (Server server = Server.start(name, WAR);
                Load load = new Load(scenario)) {
            long memory = server.memory();
            double joins = load.join(server.url);
            if (scenario.publishers() == 0) {
                load.run(Duration.ofSeconds(1), server);
                double kib = (server.memory() - memory) / (double) scenario.clients();
                return new Row(0, 0, 0, 0, 0, 0, kib, joins);
            }
            load.run(warmUp, server);
            Load.Result result = load.run(duration, server);
            return new Row(
                    result.delivered() / (result.time().toNanos() / 1e9),
                    result.cpu().toNanos() / 1e3 / Math.max(1, result.delivered()),
                    result.p50(),
                    result.p99(),
                    result.lost(),
                    result.repeated(),
                    0,
                    joins);
        }
    }

    private void print(Scenario scenario, Map<String, List<Row>> rows) {
        out.printf("%n%s: %s%n", scenario.name(), scenario.question());
        if (scenario.publishers() == 0) {
            out.printf("%-10s %20s %14s%n", "server", "KiB per client", "joins/s");
            rows.forEach((name, results) ->
                    out.printf("%-10s %20.1f %14.0f%n", name, median(results, Row::kib), median(results, Row::joins)));
            return;
        }
        out.printf(
                "%-10s %14s %20s %10s %10s %6s %9s%n",
                "server", "deliveries/s", "CPU us per delivery", "p50 us", "p99 us", "lost", "repeated");
        rows.forEach((name, results) -> out.printf(
                "%-10s %14.0f %20.2f %10.0f %10.0f %6d %9d%n",
                name,
                median(results, Row::perSecond),
                median(results, Row::cpu),
                median(results, Row::p50),
                median(results, Row::p99),
                results.stream().mapToLong(Row::lost).sum(),
                results.stream().mapToLong(Row::repeated).sum()));
    }

    private static double median(List<Row> rows, ToDoubleFunction<Row> figure) {
        double[] sorted = rows.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
